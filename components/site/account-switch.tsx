import { memberText } from "@/components/text/member";
import { Button } from "@/components/ui/button";
import { findOwnAccounts } from "@/lib/auth/session";
import { findLocale } from "@/lib/http/locale";

/** Stands under the header of people with several accounts. A plain form, so it works without a script. */
export async function AccountSwitch() {
  const { current, memberships } = await findOwnAccounts();
  if (memberships.length < 2) return null;
  const text = memberText[await findLocale()];
  return (
    <form
      method="post"
      action="/api/account/switch"
      aria-label={text.switcher.label}
      className="border-line border-b bg-sunken"
    >
      <div className="mx-auto flex max-w-5xl flex-wrap items-center gap-2 px-5 py-2 sm:px-8">
        <label htmlFor="account-switch" className="font-medium text-sm">
          {text.switcher.choose}
        </label>
        <select
          id="account-switch"
          name="accountId"
          defaultValue={current}
          className="min-h-11 min-w-0 max-w-full flex-1 rounded-control border border-line-strong bg-surface px-3 text-ink text-sm sm:max-w-sm"
        >
          {memberships.map(({ accountId, role, ownerName, ownerEmail }) => (
            <option key={accountId} value={accountId}>
              {role === "owner"
                ? text.switcher.own
                : `${text.accountOf(ownerName)} (${ownerEmail}) · ${text.roles[role]}`}
            </option>
          ))}
        </select>
        <Button type="submit">{text.switcher.submit}</Button>
      </div>
    </form>
  );
}
