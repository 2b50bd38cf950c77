/**
 * Who changed money, a contract, a card, a right or a setting stands in the audit log. Each file that opens a
 * transaction writes there, or is listed here with the reason why it need not.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

/** They lease, poll, send or keep what came; or another verb, in the same transaction, says what was done. */
const NOT_AUDITED: Readonly<Record<string, string>> = {
  "account/begin-session.ts": "opens a session; nothing else changes",
  "account/request-password-reset.ts": "mails a link; whoever uses it is audited",
  "account/revoke-session.ts": "signs one browser out",
  "account/set-locale.ts": "remembers the language of the pages",
  "account/switch.ts": "chooses what one browser looks at",
  "account/tell-account-exists.ts": "books a mail",
  "charge/collect.ts": "leases and sends; the outcome is audited",
  "invoice/number.ts": "gives paid invoices their numbers, which the invoices carry",
  "message/book-reminders.ts": "books mails",
  "message/send.ts": "leases and sends mails",
  "refund/adopt.ts": "refund/record.ts audits each refund it books",
  "refund/give-up.ts": "refund/settle.ts audits who gave the refund up",
  "renewal/claim.ts": "record-ends.ts, report-surprises.ts and the outcomes of charges are audited",
  "renewal/review-expectations.ts": "report-surprises.ts audits each finding",
  "renewal/forecast.ts": "writes down a prediction",
  "webhook/handle.ts": "keeps what a look brought about; the verbs it calls are audited",
  "webhook/follow.ts": "closes webhooks of a forged deposit; nothing of ours changes",
  "webhook/receive.ts": "keeps what came",
};

const ROOT = import.meta.dirname;

test("each verb that writes is audited, or listed with a reason", () => {
  const files = readdirSync(ROOT, { recursive: true, encoding: "utf8" }).filter(
    (file) => file.endsWith(".ts") && !file.endsWith(".test.ts") && file !== "work.ts",
  );
  const silent = files.filter((file) => {
    const code = readFileSync(join(ROOT, file), "utf8");
    return /\b(?:inTransaction|transaction)\(/.test(code) && !/\baudit\w*\(/.test(code);
  });
  expect(files.length).toBeGreaterThan(40);
  expect(silent.sort()).toEqual(Object.keys(NOT_AUDITED).sort());
});
