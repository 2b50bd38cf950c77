import { Task, TaskSection } from "@/components/admin/tasks";
import { formatInstant } from "@/components/sandbox/instant";
import { adminText } from "@/components/text/admin";
import { listStuckKeys } from "@/db/console/tasks";
import { cardLabel } from "@/lib/billing/card/card";
import { countOf, moreOf, type Part, SHOWN } from "./part";

export async function keysPart(): Promise<Part> {
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
