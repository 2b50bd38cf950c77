import { Code } from "@/components/admin/sheet";
import { Task, TaskSection } from "@/components/admin/tasks";
import { adminText } from "@/components/text/admin";
import { listOurFaults } from "@/db/console/tasks";
import { Amount, countOf, moreOf, type Part, SHOWN } from "./part";

export async function faultsPart(now: Date): Promise<Part> {
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
