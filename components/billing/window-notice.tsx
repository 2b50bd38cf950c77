import type { CheckoutText } from "@/components/text/checkout";
import { Callout } from "@/components/ui/callout";
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
    <Callout tone={problem === "closed" ? "info" : "bad"} title={title} live>
      {body}
    </Callout>
  );
}
