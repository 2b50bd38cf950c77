/** A whole journey is recorded, and nothing that must stay on the server is found in it. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { BrowserContext } from "playwright/test";
import { deps } from "@/deps";
import { chooseCard, openWindow, order } from "./support/buying";
import { findPerson, newEmail, newPerson, PASSWORD, subscribes } from "./support/people";
import { expect, test } from "./support/test";
import { clockFile, rowsOf, variable } from "./support/world";

test("no key, password or other customer's card is in any page or answer", async ({
  page,
  context,
}) => {
  const other = await newPerson();
  await subscribes(other, "basic-month-v1", "lost-card");
  const heard = record(context);
  const email = newEmail();
  await page.goto("/sign-up?next=%2Fpricing");
  await page.getByLabel("이메일").fill(email);
  await page.getByLabel("비밀번호").fill(PASSWORD);
  await page.getByLabel("이름").fill("김구독");
  for (const box of await page.getByRole("checkbox").all()) await box.check();
  await page.getByRole("button", { name: "가입하고 시작하기" }).click();
  await page.waitForURL("**/pricing");
  await order(page, "BASIC 시작하기");
  const back = page.waitForRequest("**/checkout/*/card?*");
  await chooseCard(await openWindow(page, "9,900원 결제하고 시작하기"), "정상 카드");
  const authKey = new URL((await back).url()).searchParams.get("authKey") ?? "";
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("9,900원을 결제했어요");
  for (const path of ["", "/payments", "/card", "/profile", "/cancel", "/consent"])
    await page.goto(`/account${path}`);
  await page.goto("/sandbox");
  const person = await findPerson(email);
  const { cards, user } = await rowsOf(person);
  const [card] = cards;
  const sealed = card?.billingKeyCiphertext ?? "";
  const billingKey = deps().vault.open(sealed, card?.id ?? "");
  const secrets = {
    "the billing key": billingKey,
    "the sealed billing key": sealed,
    "the secret key": variable("TOSS_SECRET_KEY"),
    "its basic credentials": btoa(`${variable("TOSS_SECRET_KEY")}:`),
    "the auth key": authKey,
    "the session secret": variable("NEXTAUTH_SECRET"),
    "the vault's key": variable("BILLING_KEY_SECRETS").split(":")[1] ?? "",
    "the password": PASSWORD,
    "the password's hash": user[0]?.passwordHash ?? "",
    "another customer's key": other.customerKey,
    "another customer's card": "94100005****005*",
  };
  const bodies = await heard();
  expect(bodies.length).toBeGreaterThan(20);
  for (const [name, secret] of Object.entries(secrets)) {
    expect(secret.length, name).toBeGreaterThan(8);
    const leaks = bodies.filter(({ body }) => body.includes(secret)).map(({ url }) => url);
    expect(leaks, `${name} was sent to the browser`).toEqual([]);
  }
  const log = readFileSync(join(dirname(clockFile()), "logs", "app.log"), "utf8");
  for (const [name, secret] of Object.entries(secrets))
    expect(log.includes(secret), `${name} was logged`).toBe(false);
});

/** Every text our app answers from now on, headers included; call the result when the journey is over. */
function record(context: BrowserContext) {
  const reading: Promise<{ url: string; body: string }>[] = [];
  context.on("response", (response) => {
    const url = response.url();
    const type = response.headers()["content-type"] ?? "";
    const isText = /html|json|javascript|text\/(plain|x-component)/.test(type);
    if (!url.startsWith(variable("APP_URL"))) return;
    const body = isText ? response.text().catch(() => "") : Promise.resolve("");
    reading.push(
      body.then((text) => ({ url, body: `${JSON.stringify(response.headers())}\n${text}` })),
    );
  });
  return () => Promise.all(reading);
}
