import { QuietList } from "@/components/admin/tasks";
import { adminText } from "@/components/text/admin";
import { listChargesToReview } from "@/db/console/tasks";
import { listOpenFindingsOfCharges } from "@/db/reconciliation";
import { chargesPart } from "./charges";
import { faultsPart } from "./faults";
import { findingsPart } from "./findings";
import { keysPart } from "./keys";
import { lawsPart } from "./laws";
import { SHOWN } from "./part";
import { refundsPart } from "./refunds";
import { renewalsPart } from "./renewals";
import { stopsPart } from "./stops";

/** All that needs somebody, most urgent kind first, and below it what is as it should be. */
export async function Tasks({ now, mayAct }: { now: Date; mayAct: boolean }) {
  const charges = await listChargesToReview(SHOWN);
  // What the morning's comparison found about one of these is the same problem, and is shown with it.
  const found = await listOpenFindingsOfCharges(charges.map((charge) => charge.id));
  const parts = await Promise.all([
    stopsPart(mayAct),
    chargesPart(charges, found, mayAct),
    faultsPart(now),
    renewalsPart(mayAct),
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
