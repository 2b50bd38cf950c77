import { resolveFindingAction } from "@/app/admin/actions";
import { Code } from "@/components/admin/sheet";
import { Task, TaskSection } from "@/components/admin/tasks";
import { adminText } from "@/components/text/admin";
import { ActionForm } from "@/components/ui/action-form";
import { Field } from "@/components/ui/field";
import { SubmitButton } from "@/components/ui/submit-button";
import { findUnexplained } from "@/db/console/figures";
import {
  type Finding,
  listDaysNeverCompared,
  listOpenFindings,
  listReconciledDays,
} from "@/db/reconciliation";
import { addDays, type CalendarDate, seoulDayOf, seoulInstant } from "@/lib/billing/calendar";
import { formatLongDate, formatTableDate } from "@/lib/billing/format";
import { formatWon, parseWon, sumWon } from "@/lib/billing/money";
import { Amount, moreOf, type Part, SHOWN } from "./part";

/** The comparison of 08:00 is through by then. */
const COMPARED_BY_HOUR = 9;

export async function findingsPart(
  now: Date,
  shown: readonly Finding[],
  mayAct: boolean,
): Promise<Part> {
  const today = seoulDayOf(now);
  // Yesterday is compared in the morning; nobody is called out of bed for it.
  const isMorningOver = now >= seoulInstant(today, COMPARED_BY_HOUR);
  const [open, unexplained, [newest], missed] = await Promise.all([
    listOpenFindings(SHOWN),
    findUnexplained(),
    listReconciledDays(1),
    listDaysNeverCompared(isMorningOver ? today : addDays(today, -1), SHOWN),
  ]);
  const { title, empty } = adminText.sections.findings;
  const text = adminText.findings;
  const shownIds = new Set(shown.map(({ id }) => id));
  const findings = open.filter(({ id }) => !shownIds.has(id));
  const shownWon = sumWon(shown.map((finding) => finding.unexplainedWon));
  const left = {
    count: unexplained.count - shown.length,
    won: parseWon(Math.max(0, unexplained.won - shownWon)),
  };
  const failed = missed.filter(({ hasFailed }) => hasFailed).map(({ day }) => day);
  if (failed.length === 0 && newest?.run.status === "failed") failed.push(newest.run.day);
  const waiting = missed.filter(({ hasFailed }) => !hasFailed).map(({ day }) => day);
  const untold = [tellDays(text.failed, failed), tellDays(text.waiting, waiting)].filter(Boolean);
  // The next morning makes up for one that was missed; two in a row mean that no job runs.
  if (findings.length === 0 && failed.length === 0 && waiting.length < 2) {
    const badge = text.neverBadge;
    if (waiting.length > 0) return { key: "findings", title, line: untold.join(" "), badge };
    if (!newest) return { key: "findings", title, line: text.never, badge };
    const { day, transactionCount } = newest.run;
    const compared = text.compared(formatLongDate(day), transactionCount);
    const sum = shown.length > 0 ? text.shownAbove(formatWon(shownWon)) : empty;
    return { key: "findings", title, line: `${sum} · ${compared}` };
  }
  const sum = `${text.unexplained} ${formatWon(left.won)}.`;
  return {
    key: "findings",
    needsPerson: true,
    section: (
      <TaskSection
        title={title}
        tone={findings.length > 0 ? "bad" : "warning"}
        badge={
          findings.length > 0
            ? adminText.count(left.count)
            : failed.length > 0
              ? text.failedBadge
              : text.neverBadge
        }
        lead={[...(findings.length > 0 ? [sum] : []), ...untold].join(" ")}
        more={moreOf(findings.length)}
      >
        {findings.map((finding) => (
          <Task
            key={finding.id}
            title={text.kinds[finding.kind]}
            amount={<Amount won={finding.unexplainedWon} />}
            since={finding.foundAt}
            facts={[
              { label: text.ofDay, value: formatTableDate(finding.day) },
              { label: adminText.charges.order, value: <Code>{finding.orderId}</Code> },
              ...(finding.paymentKey
                ? [{ label: text.paymentKey, value: <Code>{finding.paymentKey}</Code> }]
                : []),
            ]}
          >
            {mayAct ? <ResolveForm finding={finding} /> : null}
          </Task>
        ))}
      </TaskSection>
    ),
  };
}

/** Says of the newest of these days, and how many there are; nothing when there is none. */
function tellDays(tell: (day: string, count: number) => string, days: readonly CalendarDate[]) {
  const [newest] = days;
  return newest === undefined ? "" : tell(formatLongDate(newest), days.length);
}

/** The ways that can work for this kind. The one that moves money comes last, so that Enter never chooses it. */
function ResolveForm({ finding }: { finding: Finding }) {
  const { ways, doing, note, noteHint } = adminText.findings;
  const { kind, chargeId, paymentKey } = finding;
  const isAdoptable =
    chargeId !== null && (kind === "missing-here" || kind === "cancel-missing-here");
  const isCancelable = kind === "missing-here" && paymentKey !== null;
  return (
    <ActionForm action={resolveFindingAction}>
      <input type="hidden" name="findingId" value={finding.id} />
      <Field name="note" label={note} hint={noteHint} maxLength={200} />
      <div className="flex flex-wrap gap-2">
        {isAdoptable ? (
          <SubmitButton name="how" value="adopt" pending={doing}>
            {ways.adopt}
          </SubmitButton>
        ) : null}
        <SubmitButton name="how" value="explain" variant="secondary" pending={doing}>
          {ways.explain}
        </SubmitButton>
        {isCancelable ? (
          <SubmitButton name="how" value="cancel-at-provider" variant="danger" pending={doing}>
            {ways["cancel-at-provider"]}
          </SubmitButton>
        ) : null}
      </div>
    </ActionForm>
  );
}
