import type { ReactNode } from "react";
import {
  closeChargeAction,
  giveUpRefundAction,
  releaseStopAction,
  resolveFindingAction,
} from "@/app/admin/actions";
import { Code } from "@/components/admin/sheet";
import { QuietList, Task, TaskSection } from "@/components/admin/tasks";
import { formatInstant } from "@/components/sandbox/instant";
import { adminText } from "@/components/text/admin";
import { ActionForm } from "@/components/ui/action-form";
import { Field } from "@/components/ui/field";
import { Money } from "@/components/ui/money";
import { SubmitButton } from "@/components/ui/submit-button";
import { listStops } from "@/db/charging-stop";
import { findUnexplained } from "@/db/console/figures";
import {
  listChargesToReview,
  listOurFaults,
  listStuckKeys,
  listTroubledRefunds,
} from "@/db/console/tasks";
import { describeLaw, listInvariants, listLaws } from "@/db/laws";
import {
  type Finding,
  listDaysNeverCompared,
  listOpenFindings,
  listOpenFindingsOfCharges,
  listReconciledDays,
} from "@/db/reconciliation";
import { addDays, type CalendarDate, seoulDayOf, seoulInstant } from "@/lib/billing/calendar";
import { cardLabel } from "@/lib/billing/card/card";
import { STOP_KINDS } from "@/lib/billing/charge/stop";
import { formatLongDate, formatTableDate } from "@/lib/billing/format";
import { formatWon, parseWon, sumWon, type Won } from "@/lib/billing/money";

/** So many of a kind are shown at once; who resolves one sees the next. */
const SHOWN = 20;

/** The comparison of 08:00 is through by then. */
const COMPARED_BY_HOUR = 9;

/** What one kind came to: something a person must look at, or one line that says why not. */
type Part =
  | { readonly key: string; readonly needsPerson: boolean; readonly section: ReactNode }
  | {
      readonly key: string;
      readonly title: string;
      readonly line: string;
      readonly badge?: string;
    };

/** All that needs somebody, most urgent kind first, and below it what is as it should be. */
export async function Tasks({ now, mayAct }: { now: Date; mayAct: boolean }) {
  const charges = await listChargesToReview(SHOWN);
  // What the morning's comparison found about one of these is the same problem, and is shown with it.
  const found = await listOpenFindingsOfCharges(charges.map((charge) => charge.id));
  const parts = await Promise.all([
    stopsPart(mayAct),
    chargesPart(charges, found, mayAct),
    faultsPart(now),
    findingsPart(now, found, mayAct),
    lawsPart(),
    refundsPart(now, mayAct),
    keysPart(),
  ]);
  const loud = parts.filter((part) => "section" in part);
  const quiet = parts.filter((part) => "line" in part);
  const count = loud.filter((part) => part.needsPerson).length;
  return (
    <section aria-labelledby="tasks" className="grid gap-4">
      <header>
        <h2 id="tasks" className="text-lg">
          {count > 0 ? adminText.needsYou(count) : adminText.allWell}
        </h2>
        {count > 0 && !mayAct ? <p className="text-muted text-sm">{adminText.readOnly}</p> : null}
      </header>
      {loud.map(({ key, section }) => (
        <div key={key}>{section}</div>
      ))}
      {quiet.length > 0 ? <QuietList rows={quiet} /> : null}
    </section>
  );
}

async function stopsPart(mayAct: boolean): Promise<Part> {
  // Of each kind at most one is open, and the open ones come first.
  const stops = (await listStops(STOP_KINDS.length)).filter((stop) => stop.releasedAt === null);
  const { title, empty } = adminText.sections.stops;
  if (stops.length === 0) return { key: "stops", title, line: empty };
  const text = adminText.stops;
  return {
    key: "stops",
    needsPerson: true,
    section: (
      <TaskSection title={title} tone="bad" badge={adminText.count(stops.length)} lead={text.waits}>
        {stops.map(({ id, kind, reason, startedAt, resumesAt }) => (
          <Task
            key={id}
            title={text.kinds[kind]}
            since={startedAt}
            facts={[
              kind === "outage"
                ? { label: adminText.charges.reason, value: whyUnknown(reason) }
                : { label: text.reasons[kind], value: <Code>{reason}</Code> },
              ...(resumesAt
                ? [{ label: text.next, value: text.resumes(formatInstant(resumesAt, "ko")) }]
                : []),
            ]}
          >
            {mayAct ? (
              <ActionForm action={releaseStopAction}>
                <input type="hidden" name="stopId" value={id} />
                <Field name="note" label={text.note} maxLength={200} required />
                <SubmitButton pending={text.releasing} wide>
                  {text.release}
                </SubmitButton>
              </ActionForm>
            ) : null}
          </Task>
        ))}
      </TaskSection>
    ),
  };
}

type ChargeToReview = Awaited<ReturnType<typeof listChargesToReview>>[number];

function chargesPart(
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

/** Our own words for why an outcome is not known; a code of Toss's stays as it is, to be asked about there. */
function whyUnknown(reason: string | null): ReactNode {
  const { reasons } = adminText.charges;
  if (reason === null) return reasons.none;
  if (reason === DIFFERS) return reasons.differs;
  if (reason === "timeout" || reason === "connection-lost") return reasons.lost;
  if (reason.startsWith("unreadable-") || reason.startsWith("status-")) return reasons.unreadable;
  return (
    <>
      {reasons.byToss} <Code>{reason}</Code>
    </>
  );
}

/** What Toss answered with another sum, or for another order, than was asked for. */
const DIFFERS = "answer-differs";

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
          <SubmitButton name="how" value="cancel-at-toss" variant="danger" pending={doing} wide>
            {text.cancel(formatWon(held.unexplainedWon))}
          </SubmitButton>
        </ActionForm>
      ) : null}
    </div>
  );
}

async function faultsPart(now: Date): Promise<Part> {
  const faults = await listOurFaults(now, SHOWN);
  const { title, empty } = adminText.sections.faults;
  if (faults.length === 0) return { key: "faults", title, line: empty };
  const text = adminText.faults;
  return {
    key: "faults",
    needsPerson: true,
    section: (
      <TaskSection
        title={title}
        tone="warning"
        badge={countOf(faults.length)}
        lead={text.body}
        more={moreOf(faults.length)}
      >
        {faults.map((fault) => (
          <Task
            key={fault.id}
            title={fault.title}
            amount={<Amount won={fault.amountWon} />}
            since={fault.at}
            facts={[
              { label: text.code, value: <Code>{fault.code}</Code> },
              { label: adminText.charges.order, value: <Code>{fault.orderId}</Code> },
              { label: adminText.charges.customer, value: fault.customer },
            ]}
          />
        ))}
      </TaskSection>
    ),
  };
}

async function findingsPart(now: Date, shown: readonly Finding[], mayAct: boolean): Promise<Part> {
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
          <SubmitButton name="how" value="cancel-at-toss" variant="danger" pending={doing}>
            {ways["cancel-at-toss"]}
          </SubmitButton>
        ) : null}
      </div>
    </ActionForm>
  );
}

async function lawsPart(): Promise<Part> {
  const kept = new Set(listLaws());
  const laws = (await listInvariants()).filter((law) => kept.has(law.name));
  const { title, empty } = adminText.sections.laws;
  const text = adminText.laws;
  if (laws.length === 0) return { key: "laws", title, line: text.never, badge: text.neverBadge };
  const broken = laws.filter((law) => !law.ok);
  if (broken.length === 0) {
    // The law that waited longest tells how fresh the whole answer is.
    const oldest = Math.min(...laws.map((law) => law.checkedAt.getTime()));
    const checked = text.checked(formatInstant(new Date(oldest), "ko"));
    return { key: "laws", title, line: `${empty(laws.length)} ${checked}` };
  }
  return {
    key: "laws",
    needsPerson: true,
    section: (
      <TaskSection title={title} tone="bad" badge={adminText.count(broken.length)} lead={text.body}>
        {broken.map(({ name, count, sample, fault, brokenSince }) => (
          <Task
            key={name}
            title={fault === null ? text.broken(count) : text.notAsked}
            {...(brokenSince && { since: brokenSince })}
            facts={[
              { label: text.rule, value: <span lang="en">{describeLaw(name)}</span> },
              { label: text.name, value: <Code>{name}</Code> },
              ...(fault === null
                ? [{ label: text.sample, value: <Code>{sample.slice(0, 3).join(", ")}</Code> }]
                : [{ label: adminText.charges.reason, value: <Code>{fault}</Code> }]),
            ]}
          />
        ))}
      </TaskSection>
    ),
  };
}

async function refundsPart(now: Date, mayAct: boolean): Promise<Part> {
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

async function keysPart(): Promise<Part> {
  const keys = await listStuckKeys(SHOWN);
  const { title, empty } = adminText.sections.keys;
  if (keys.length === 0) return { key: "keys", title, line: empty };
  const text = adminText.keys;
  return {
    key: "keys",
    needsPerson: true,
    section: (
      <TaskSection
        title={title}
        tone="warning"
        badge={countOf(keys.length)}
        lead={text.body}
        more={moreOf(keys.length)}
      >
        {keys.map((key) => (
          <Task
            key={key.id}
            title={`${cardLabel(key)} · ${key.customer}`}
            facts={[
              { label: text.triesLabel, value: text.tries(key.tries) },
              ...(key.nextTryAt
                ? [{ label: text.next, value: formatInstant(key.nextTryAt, "ko") }]
                : []),
            ]}
          />
        ))}
      </TaskSection>
    ),
  };
}

function Amount({ won }: { won: Won }) {
  return <Money won={won} locale="ko" size="lg" />;
}

function countOf(shown: number): string {
  return shown < SHOWN ? adminText.count(shown) : adminText.countOrMore(shown);
}

function moreOf(shown: number): string | undefined {
  return shown < SHOWN ? undefined : adminText.more(shown);
}
