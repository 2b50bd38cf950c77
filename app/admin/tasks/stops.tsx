import { releaseStopAction } from "@/app/admin/actions";
import { Code } from "@/components/admin/sheet";
import { Task, TaskSection } from "@/components/admin/tasks";
import { formatInstant } from "@/components/sandbox/instant";
import { adminText } from "@/components/text/admin";
import { ActionForm } from "@/components/ui/action-form";
import { Field } from "@/components/ui/field";
import { SubmitButton } from "@/components/ui/submit-button";
import { listStops } from "@/db/charging-stop";
import { STOP_KINDS } from "@/lib/billing/charge/stop";
import { type Part, whyUnknown } from "./part";

export async function stopsPart(mayAct: boolean): Promise<Part> {
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
