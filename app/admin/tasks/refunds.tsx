import { giveUpRefundAction } from "@/app/admin/actions";
import { Code } from "@/components/admin/sheet";
import { Task, TaskSection } from "@/components/admin/tasks";
import { adminText } from "@/components/text/admin";
import { ActionForm } from "@/components/ui/action-form";
import { SubmitButton } from "@/components/ui/submit-button";
import { listTroubledRefunds } from "@/db/console/tasks";
import { Amount, countOf, moreOf, type Part, SHOWN } from "./part";

export async function refundsPart(now: Date, mayAct: boolean): Promise<Part> {
  const refunds = await listTroubledRefunds(now, SHOWN);
  const { title, empty } = adminText.sections.refunds;
  if (refunds.length === 0) return { key: "refunds", title, line: empty };
  const text = adminText.refunds;
  const needsPerson = refunds.some((refund) => refund.needsReview || refund.status === "refused");
  return {
    key: "refunds",
    needsPerson,
    section: (
      <TaskSection
        title={title}
        tone={needsPerson ? "warning" : "info"}
        badge={needsPerson ? countOf(refunds.length) : adminText.watching}
        more={moreOf(refunds.length)}
      >
        {refunds.map((refund) => (
          <Task
            key={refund.id}
            title={`${text.states[refund.status]} · ${refund.customer}`}
            amount={<Amount won={refund.amountWon} />}
            since={refund.since}
            facts={[
              { label: text.next, value: nextOf(refund) },
              { label: adminText.charges.order, value: <Code>{refund.orderId}</Code> },
              { label: text.reason, value: refund.reason },
            ]}
          >
            {mayAct && refund.needsReview ? (
              <ActionForm action={giveUpRefundAction}>
                <input type="hidden" name="refundId" value={refund.id} />
                <p className="text-muted text-sm">{text.giveUpHint}</p>
                <SubmitButton pending={adminText.charges.closing} wide>
                  {text.giveUp}
                </SubmitButton>
              </ActionForm>
            ) : null}
          </Task>
        ))}
      </TaskSection>
    ),
  };
}

function nextOf(refund: { refusedCode: string | null; needsReview: boolean }): string {
  if (refund.refusedCode !== null) return adminText.refunds.refused(refund.refusedCode);
  return refund.needsReview ? adminText.refunds.review : adminText.refunds.byItself;
}
