import { resolveRenewalFindingAction } from "@/app/admin/actions";
import { Code } from "@/components/admin/sheet";
import { Task, TaskSection } from "@/components/admin/tasks";
import { adminText } from "@/components/text/admin";
import { ActionForm } from "@/components/ui/action-form";
import { Field } from "@/components/ui/field";
import { SubmitButton } from "@/components/ui/submit-button";
import { listOpenRenewalFindings, type RenewalFinding } from "@/db/renewal-finding";
import { Amount, countOf, moreOf, type Part, SHOWN } from "./part";

/** Contracts that would have done something else than was expected, and wait. */
export async function renewalsPart(mayAct: boolean): Promise<Part> {
  const { title, empty } = adminText.sections.renewals;
  const text = adminText.renewals;
  const open = await listOpenRenewalFindings(SHOWN);
  if (open.length === 0) return { key: "renewals", title, line: empty };
  return {
    key: "renewals",
    needsPerson: true,
    section: (
      <TaskSection
        title={title}
        tone="bad"
        badge={countOf(open.length)}
        lead={text.lead}
        more={moreOf(open.length)}
      >
        {open.map(({ finding, customer }) => (
          <Task
            key={finding.id}
            title={customer}
            amount={<Amount won={finding.decidedWon} />}
            since={finding.foundAt}
            facts={[
              { label: text.expected, value: text.does(finding.expects, finding.expectedWon) },
              { label: text.decided, value: text.does(finding.decides, finding.decidedWon) },
              { label: text.subscription, value: <Code>{finding.subscriptionId}</Code> },
            ]}
          >
            {mayAct ? <ResumeForm finding={finding} /> : null}
          </Task>
        ))}
      </TaskSection>
    ),
  };
}

function ResumeForm({ finding }: { finding: RenewalFinding }) {
  const { note, resume, resuming } = adminText.renewals;
  return (
    <ActionForm action={resolveRenewalFindingAction}>
      <input type="hidden" name="findingId" value={finding.id} />
      <Field name="note" label={note} maxLength={200} />
      <SubmitButton pending={resuming}>{resume}</SubmitButton>
    </ActionForm>
  );
}
