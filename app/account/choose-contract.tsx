import type { Route } from "next";
import { accountText } from "@/components/text/account";
import { LinkButton } from "@/components/ui/button";
import type { StoredSubscription } from "@/db/subscription";
import { findLocale } from "@/lib/http/locale";
import { addressOf } from "./contract";

/** Stands on a page about one contract when the account has several: which one is not guessed. */
export async function ChooseContract({
  title,
  contracts,
  path,
}: {
  title: string;
  contracts: readonly StoredSubscription[];
  path: string;
}) {
  const locale = await findLocale();
  const text = accountText[locale];
  return (
    <div className="grid gap-6">
      <header className="grid gap-2">
        <h1 className="text-xl">{title}</h1>
        <p className="text-muted">{text.choose}</p>
      </header>
      <ul className="grid gap-3">
        {contracts.map(({ subscription, planName }) => {
          const name = `${planName[locale]} · ${text.intervals[subscription.terms.interval]}`;
          const address = addressOf(path, subscription.id, true);
          return (
            <li key={subscription.id}>
              {path === "/account/card" ? (
                <LinkButton href={address} reload wide>
                  {name}
                </LinkButton>
              ) : (
                <LinkButton href={address as Route} wide>
                  {name}
                </LinkButton>
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
