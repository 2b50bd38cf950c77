import { Code } from "@/components/admin/sheet";
import { Task, TaskSection } from "@/components/admin/tasks";
import { formatInstant } from "@/components/sandbox/instant";
import { adminText } from "@/components/text/admin";
import { describeLaw, listInvariants, listLaws } from "@/db/laws";
import type { Part } from "./part";

export async function lawsPart(): Promise<Part> {
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
