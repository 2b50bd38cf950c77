import { closeChargeAction, resolveFindingAction } from "@/app/admin/actions";
import { Code } from "@/components/admin/sheet";
import { Task, TaskSection } from "@/components/admin/tasks";
import { adminText } from "@/components/text/admin";
import { ActionForm } from "@/components/ui/action-form";
import { Field } from "@/components/ui/field";
import { SubmitButton } from "@/components/ui/submit-button";
import type { listChargesToReview } from "@/db/console/tasks";
import type { Finding } from "@/db/reconciliation";
import { formatWon } from "@/lib/billing/money";
import { countOf, DIFFERS, moreOf, type Part, whyUnknown } from "./part";

type ChargeToReview = Awaited<ReturnType<typeof listChargesToReview>>[number];

export function chargesPart(
  charges: readonly ChargeToReview[],
  found: readonly Finding[],
  mayAct: boolean,
): Part {
  const { title, empty } = adminText.sections.charges;
  if (charges.length === 0) return { key: "charges", title, line: empty };
  const text = adminText.charges;
  return {
    key: "charges",
    needsPerson: true,
    section: (
      <TaskSection
        title={title}
        tone="warning"
        badge={countOf(charges.length)}
        lead={text.body}
        more={moreOf(charges.length)}
      >
        {charges.map((charge) => {
          const held = found.find(({ chargeId, kind }) => chargeId === charge.id && isHeld(kind));
          return (
            <Task
              key={charge.id}
              title={charge.title}
              since={charge.since}
              facts={[
                { label: text.asked, value: formatWon(charge.amountWon) },
                ...(held ? [{ label: text.held, value: formatWon(held.unexplainedWon) }] : []),
                { label: text.reason, value: whyUnknown(charge.reason) },
                { label: text.customer, value: charge.customer },
                { label: text.order, value: <Code>{charge.orderId}</Code> },
              ]}
            >
              {mayAct ? <ChargeForms charge={charge} held={held} /> : null}
            </Task>
          );
        })}
      </TaskSection>
    ),
  };
}

/** Whether a finding says that Toss holds a payment which is not in our books. */
function isHeld(kind: Finding["kind"]): boolean {
  return kind === "missing-here";
}

/** Each way with what it will do. The one that moves money comes last. */
function ChargeForms({ charge, held }: { charge: ChargeToReview; held: Finding | undefined }) {
  const text = adminText.charges;
  const way = charge.reason === DIFFERS ? text.ask : held === undefined ? text.close : text.adopt;
  const { noteOfCancel, noteOfCancelHint, doing } = adminText.findings;
  return (
    <div className="grid gap-6">
      <ActionForm action={closeChargeAction}>
        <input type="hidden" name="chargeId" value={charge.id} />
        <p className="text-muted text-sm">{way.hint}</p>
        <SubmitButton
          variant={held?.paymentKey ? "secondary" : "primary"}
          pending={text.closing}
          wide
        >
          {way.label}
        </SubmitButton>
      </ActionForm>
      {held?.paymentKey ? (
        <ActionForm action={resolveFindingAction}>
          <input type="hidden" name="findingId" value={held.id} />
          <p className="text-muted text-sm">{text.cancelHint(formatWon(held.unexplainedWon))}</p>
          <Field
            name="note"
            label={noteOfCancel}
            hint={noteOfCancelHint}
            maxLength={200}
            required
          />
          <SubmitButton name="how" value="cancel-at-provider" variant="danger" pending={doing} wide>
            {text.cancel(formatWon(held.unexplainedWon))}
          </SubmitButton>
        </ActionForm>
      ) : null}
    </div>
  );
}
