import type { Metadata } from "next";
import { MessagePage } from "@/components/site/message-page";
import { Shell } from "@/components/site/shell";
import { siteText } from "@/components/text/site";
import { LinkButton } from "@/components/ui/button";
import { findLocale } from "@/lib/http/locale";

export async function generateMetadata(): Promise<Metadata> {
  return { title: siteText[await findLocale()].notFound.title };
}

export default async function NotFound() {
  const text = siteText[await findLocale()].notFound;
  return (
    <Shell>
      <MessagePage title={text.title} body={text.body}>
        <LinkButton href="/" variant="primary">
          {text.home}
        </LinkButton>
        <LinkButton href="/pricing">{text.pricing}</LinkButton>
      </MessagePage>
    </Shell>
  );
}
