import { Outcome } from "@/components/billing/outcome";
import { memberText } from "@/components/text/member";
import { LinkButton } from "@/components/ui/button";
import { listMembers } from "@/db/member";
import { findLocale } from "@/lib/http/locale";

/** Tells a plain member why they do not see a page about money, and whom to ask. */
export async function OnlyPayers({ accountId }: { accountId: string }) {
  const text = memberText[await findLocale()].onlyPayers;
  const [owner] = await listMembers(accountId);
  return (
    <Outcome
      tone="calm"
      title={text.title}
      body={<p>{text.body(owner?.email ?? "")}</p>}
      actions={
        <LinkButton href="/account" reload variant="primary">
          {text.account}
        </LinkButton>
      }
    />
  );
}
