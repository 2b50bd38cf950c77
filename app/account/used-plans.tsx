import { Check } from "lucide-react";
import { nearOrLong } from "@/components/billing/subscription-view";
import { memberText } from "@/components/text/member";
import { Card } from "@/components/ui/card";
import { listFeatures } from "@/db/catalogue";
import { listMembers } from "@/db/member";
import type { StoredSubscription } from "@/db/subscription";
import { deps } from "@/deps";
import { addDays, seoulDayOf } from "@/lib/billing/calendar";
import { hasAccess } from "@/lib/billing/subscription/subscription";
import type { Locale } from "@/lib/http/locale";

/** What a plain member sees of an account: its plans and what they hold. No amount, no card, no day of payment. */
export async function UsedPlans({
  accountId,
  contracts,
  locale,
}: {
  accountId: string;
  contracts: readonly StoredSubscription[];
  locale: Locale;
}) {
  const text = memberText[locale].used;
  const today = seoulDayOf(deps().clock.now());
  const [owner] = await listMembers(accountId);
  const used = contracts.filter(({ hasStarted }) => hasStarted);
  const features = await listFeatures(used.map(({ subscription }) => subscription.terms.plan.key));
  return (
    <>
      <h2 className="text-xl">{text.title}</h2>
      {used.length === 0 ? (
        <Card>
          <p className="text-muted">{text.nothing}</p>
        </Card>
      ) : null}
      {used.map(({ subscription, planName }) => {
        const { cancelsOn } = subscription;
        const lastDay = cancelsOn && nearOrLong(addDays(cancelsOn, -1), today, locale);
        const isUsable = hasAccess(subscription, today);
        return (
          <Card key={subscription.id} labelledBy={subscription.id}>
            <div className="grid gap-4">
              <div className="grid gap-1">
                <h3 id={subscription.id} className="text-lg">
                  {planName[locale]}
                </h3>
                <p className="text-muted">
                  {isUsable ? (lastDay ? text.until(lastDay) : text.now) : text.stopped}
                </p>
              </div>
              {isUsable ? (
                <ul aria-label={text.includes} className="grid gap-2.5 text-sm">
                  {(features.get(subscription.terms.plan.key) ?? []).map((feature) => (
                    <li key={feature.ko} className="flex items-start gap-2.5">
                      <Check
                        aria-hidden
                        className="mt-1 size-4 shrink-0 text-accent"
                        strokeWidth={2.5}
                      />
                      {feature[locale]}
                    </li>
                  ))}
                </ul>
              ) : null}
            </div>
          </Card>
        );
      })}
      <p className="text-muted text-sm">{text.whoPays(owner?.email ?? "")}</p>
    </>
  );
}
