import type { CheckoutText } from "@/components/text/checkout";
import { Notice } from "@/components/ui/notice";
import type { WindowStop } from "@/lib/browser/toss-window";

export type WindowProblem = WindowStop | "signed-out" | "offline";

/** Why the person is still here after pressing the button: a closed window is nobody's mistake. */
export function WindowNotice({
  problem,
  text,
}: {
  problem: WindowProblem;
  text: CheckoutText["stops"];
}) {
  const { title, body } = text[problem];
  return (
    <Notice tone={problem === "closed" ? "info" : "bad"} title={title} live>
      {body}
    </Notice>
  );
}
