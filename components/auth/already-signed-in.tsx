import { MessagePage } from "@/components/site/message-page";
import { authText } from "@/components/text/auth";
import { findLocale } from "@/lib/http/locale";
import { GoOn } from "./go-on";

/** What the sign-in and sign-up pages show to somebody who is signed in, on the way to where they were going. */
export async function AlreadySignedIn({ next }: { next: string }) {
  const text = authText[await findLocale()].signedIn;
  return (
    <MessagePage title={text.title} body={text.body}>
      <GoOn to={next}>{text.goOn}</GoOn>
    </MessagePage>
  );
}
