/** A customer with another customer's ids, and everybody without a log-in: stable answers, and nothing moves. */
import type { APIRequestContext } from "playwright/test";
import { awake } from "./support/buying";
import { giveSession, newPerson, orders, subscribes } from "./support/people";
import { expect, test } from "./support/test";
import {
  checkoutOf,
  jobs,
  paidAtToss,
  rowsOf,
  subscriptionsOf,
  toss,
  variable,
} from "./support/world";

const ORIGIN = variable("APP_URL");
const JSON_OF_US = { origin: ORIGIN, "content-type": "application/json" };
const FORM_OF_US = { origin: ORIGIN, "content-type": "application/x-www-form-urlencoded" };
const AGREED = { terms: true, payment: true };

test("another customer's ids lead nowhere, on every page and address", async ({
  page,
  customer,
  noise,
}) => {
  noise.push(/status of 404/);
  const victim = await newPerson();
  const open = await orders(victim, "onboarding-once-v1");
  const done = await subscribes(victim, "basic-month-v1");
  const { registrations, cards, subscriptions } = await rowsOf(victim);
  const before = await Promise.all([rowsOf(victim), rowsOf(customer)]);

  for (const id of [open, done, "chk_unknown", "a".repeat(300)]) {
    for (const place of ["", "/result", "/canceled", "/failed"]) {
      const response = await page.request.get(`/checkout/${id}${place}`);
      expect([response.status(), id, place]).toEqual([404, id, place]);
    }
    const { customerKey } = customer;
    const { authKey } = await toss.authorizeBilling({ customerKey });
    const landings = [
      `/checkout/${id}/card?customerKey=${customerKey}&authKey=${authKey}`,
      `/checkout/${id}/paid?paymentKey=tviva123456&orderId=ord_123456&amount=150000`,
    ];
    for (const landing of landings) {
      expect((await page.request.get(landing)).status()).toBe(404);
    }
    const calls = [
      () => page.request.post(`/api/checkouts/${id}/agree`, { headers: JSON_OF_US, data: AGREED }),
      () => page.request.post(`/api/checkouts/${id}/complete`, { headers: JSON_OF_US, data: {} }),
      () => page.request.get(`/api/checkouts/${id}/complete`),
    ];
    for (const call of calls) {
      const response = await call();
      expect(response.status()).toBe(404);
      expect(await response.json()).toEqual({ code: "unknown-checkout" });
    }
  }
  for (const id of [registrations[0]?.id, cards[0]?.id, subscriptions[0]?.id, "reg_unknown"]) {
    expect((await page.request.get(`/account/card/result?registration=${id}`)).status()).toBe(404);
    const seen = await page.request.get(`/api/account/card/${id}`);
    const asked = await page.request.post(`/api/account/card/${id}`, { headers: JSON_OF_US });
    for (const response of [seen, asked]) {
      expect(response.status()).toBe(404);
      expect(await response.json()).toEqual({ code: "unknown-registration" });
    }
  }
  expect(await Promise.all([rowsOf(victim), rowsOf(customer)])).toEqual(before);
  expect(await paidAtToss(victim)).toHaveLength(1);
});

test("the account's buttons with another customer's subscription do nothing", async ({
  page,
  customer,
}) => {
  const victim = await newPerson();
  await subscribes(victim, "premium-month-v1");
  await subscribes(customer, "premium-month-v1");
  const [theirs] = await subscriptionsOf(victim);
  const before = await rowsOf(victim);
  const alert = page.getByRole("main").getByRole("alert");
  const pressWithTheirs = async (name: string | RegExp) => {
    // A script that takes the page over later would put the customer's own id back.
    const button = await awake(page.getByRole("button", { name }));
    await page.locator("input[name=subscriptionId]").evaluate((input: HTMLInputElement, id) => {
      input.value = id;
    }, theirs?.id ?? "");
    await button.click();
  };

  await page.goto("/account/consent");
  await pressWithTheirs("동의하고 계속 이용하기");
  await expect(alert).toContainText("동의를 저장하지 못했어요");

  await page.goto("/account/cancel");
  await pressWithTheirs(/해지하기$/);
  await expect(alert).toContainText("그 구독을 찾지 못했어요");

  await page.goto("/account/cancel");
  await page.getByRole("button", { name: /해지하기$/ }).click();
  await page.waitForURL("**/account?notice=canceled");
  await pressWithTheirs("해지 취소하기");
  await expect(alert).toContainText("그 구독을 찾지 못했어요");
  expect(await rowsOf(victim)).toEqual(before);
});

test("nothing private is shown or done without a log-in", async ({ request, browser }) => {
  const victim = await newPerson();
  const open = await orders(victim, "onboarding-once-v1");
  const before = await rowsOf(victim);
  const pages = [
    ...["/account", "/account/payments", "/account/card", "/account/profile"],
    ...["/account/cancel", "/account/consent", "/account/card/result?registration=reg_1"],
    "/checkout/start?priceId=basic-month-v1",
    ...["/account/card/return?customerKey=abc&authKey=def"],
    ...["", "/result", "/canceled", "/failed", "/card?authKey=a&customerKey=b", "/fail"].map(
      (place) => `/checkout/${open}${place}`,
    ),
    `/checkout/${open}/paid?paymentKey=tviva123456&orderId=ord_123456&amount=150000`,
  ];
  const stranger = await browser.newPage();
  for (const path of pages) {
    await stranger.goto(path);
    const { pathname, searchParams } = new URL(stranger.url());
    expect([pathname, searchParams.get("next") ?? "/account"]).toEqual(["/sign-in", path]);
  }
  await stranger.close();

  const calls = [
    request.post(`/api/checkouts/${open}/agree`, { headers: JSON_OF_US, data: AGREED }),
    request.post(`/api/checkouts/${open}/complete`, { headers: JSON_OF_US, data: {} }),
    request.get(`/api/checkouts/${open}/complete`),
    request.post("/api/account/card/reg_1", { headers: JSON_OF_US }),
    request.get("/api/account/card/reg_1"),
  ];
  for (const response of await Promise.all(calls)) {
    expect(response.status()).toBe(401);
    expect(await response.json()).toEqual({ code: "signed-out" });
  }
  const order = await request.post("/api/checkouts", {
    headers: FORM_OF_US,
    data: "priceId=basic-month-v1",
    maxRedirects: 0,
  });
  expect(order.headers().location).toBe(
    "/sign-in?next=%2Fcheckout%2Fstart%3FpriceId%3Dbasic-month-v1",
  );
  expect(await rowsOf(victim)).toEqual(before);
});

test("bodies that are malformed, huge, foreign or of the wrong method are refused", async ({
  page,
  customer,
}) => {
  const open = await orders(customer, "onboarding-once-v1");
  const before = await rowsOf(customer);
  const ours = page.request;
  const huge = "x".repeat(1024 * 1024);
  const posts = (path: string, headers: Record<string, string>, data: string) =>
    ours.post(path, { headers, data, maxRedirects: 0 }).then((response) => response.status());

  for (const body of ["", "{", "[]", "null", '{"terms":"yes","payment":1}', huge]) {
    expect(await posts(`/api/checkouts/${open}/agree`, JSON_OF_US, body)).toBe(400);
  }
  for (const body of ["", "{", "[]", "7", '{"retryCard":"please"}', huge]) {
    expect(await posts(`/api/checkouts/${open}/complete`, JSON_OF_US, body)).toBe(400);
  }
  expect(await posts("/api/checkouts", FORM_OF_US, `priceId=${huge}`)).toBe(413);
  expect(await posts("/api/preferences", FORM_OF_US, `locale=${huge}`)).toBe(413);
  expect(await posts("/api/toss/webhook", JSON_OF_US, JSON.stringify({ huge }))).toBe(413);
  expect(await posts("/api/toss/webhook", JSON_OF_US, "{")).toBe(400);
  expect(await posts("/api/sandbox/clock", JSON_OF_US, '{"to":"yesterday"}')).toBe(400);

  const evil = { origin: "https://evil.example" };
  const across = { "sec-fetch-site": "cross-site" };
  for (const foreign of [evil, across, { ...evil, ...across }]) {
    for (const path of [
      ...["/api/checkouts", "/api/preferences", "/api/sign-out", "/api/sandbox/clock"],
      ...[`/api/checkouts/${open}/agree`, `/api/checkouts/${open}/complete`],
      "/api/account/card/reg_1",
    ]) {
      expect([path, await posts(path, { ...JSON_OF_US, ...foreign }, "{}")]).toEqual([path, 403]);
    }
  }
  for (const path of ["/api/checkouts", `/api/checkouts/${open}/agree`, "/api/toss/webhook"]) {
    expect((await ours.get(path)).status()).toBe(405);
  }
  for (const path of [`/api/checkouts/${open}/complete`, "/api/account/card/reg_1"]) {
    expect((await ours.delete(path, { headers: JSON_OF_US })).status()).toBe(405);
  }
  expect(await rowsOf(customer)).toEqual(before);
});

test("prices that are unknown or no longer sold, and addresses that lead nowhere", async ({
  page,
  customer,
  noise,
}) => {
  noise.push(/status of 404/);
  const buy = async (priceId: string) => {
    const response = await page.request.post("/api/checkouts", {
      headers: FORM_OF_US,
      data: new URLSearchParams({ priceId }).toString(),
      maxRedirects: 0,
    });
    return response.headers().location;
  };
  expect(await buy("price-of-nothing")).toBe("/checkout/unavailable?reason=unknown-price");
  expect(await buy("")).toBe("/checkout/unavailable?reason=unknown-price");
  // A link on another site makes nothing by itself.
  await page.goto("/checkout/start?priceId=price-of-nothing");
  await page.getByRole("button", { name: "주문서 열기" }).click();
  await page.waitForURL("**/checkout/unavailable?reason=unknown-price");
  await page.goto("/checkout/unavailable?reason=<b>");
  await expect(page.getByRole("main")).toContainText("고른 가격을 찾지 못했어요");
  await page.goto("/checkout/unavailable?reason=price-not-sold");
  await expect(page.getByRole("main")).toContainText("더는 판매하지 않는 가격이에요");
  for (const path of ["/nowhere", "/account/nowhere", "/api/nowhere"]) {
    expect((await page.goto(path))?.status()).toBe(404);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("찾는 페이지가 없어요");
  }
  const { checkouts } = await rowsOf(customer);
  expect(checkouts).toEqual([]);
});

test("letters that no database stores are refused like any other nonsense", async ({
  page,
  customer,
}) => {
  const open = await orders(customer, "onboarding-once-v1");
  const { orderId } = await checkoutOf(open);
  const before = await rowsOf(customer);
  const asked = page.request;
  const paid = `paymentKey=tviva%00&orderId=${orderId}&amount=150000`;
  const statuses = {
    page: (await asked.get("/checkout/%00")).status(),
    result: (await asked.get("/account/card/result?registration=%00")).status(),
    landing: (await asked.get(`/checkout/%00/paid?${paid}`)).status(),
    paid: (await asked.get(`/checkout/${open}/paid?${paid}`, { maxRedirects: 0 })).status(),
    progress: (await asked.get("/api/checkouts/%00/complete")).status(),
    card: (await asked.get("/api/account/card/%00")).status(),
    price: await asked
      .post("/api/checkouts", { headers: FORM_OF_US, data: "priceId=%00", maxRedirects: 0 })
      .then((response) => response.status()),
    webhook: await asked
      .post("/api/toss/webhook", { data: { eventType: "\u0000", data: { orderId: "\u0000" } } })
      .then((response) => response.status()),
  };
  const refused = { page: 400, result: 400, landing: 400, paid: 400, progress: 400, card: 400 };
  expect(statuses).toEqual({ ...refused, price: 303, webhook: 400 });
  expect(await rowsOf(customer)).toEqual(before);
});

test("addresses and forms that nobody can read are the sender's mistake, and never ours", async ({
  page,
  customer,
}) => {
  const before = await rowsOf(customer);
  const asked = page.request;
  const gets: Record<string, number> = {
    "/checkout/%FF": 400,
    "/account/%C0%80": 400,
    "/api/checkouts/%FF/complete": 400,
    "/api/auth/csrf?callbackUrl=javascript:alert(1)": 400,
    "/api/auth/session": 404,
    "/api/auth/callback/credentials": 404,
  };
  for (const [path, status] of Object.entries(gets))
    expect([path, (await asked.get(path, { maxRedirects: 0 })).status()]).toEqual([path, status]);
  for (const action of ["signin", "signout", "error"]) {
    const response = await asked.get(`/api/auth/${action}`, { maxRedirects: 0 });
    expect([response.status(), response.headers().location]).toEqual([303, "/sign-in"]);
  }

  await page.goto("/account/profile");
  const field = page.locator("input[name^='$ACTION_'][name$=':0']").first();
  const { id } = JSON.parse(await field.evaluate((input: HTMLInputElement) => input.value));
  const call = async (parts: Readonly<Record<string, string>>, headers = {}) => {
    const form = new FormData();
    // An object lists "0" first. React sends the arguments last, after the fields they refer to.
    for (const [name, value] of Object.entries(parts).toReversed()) form.append(name, value);
    const response = await asked.post("/account/profile", {
      headers: { origin: ORIGIN, "next-action": id, ...headers },
      multipart: form,
      maxRedirects: 0,
    });
    return response.status();
  };
  const mine = { "0": '[{"status":"idle"},"$K1"]', _1_name: "몰래" };
  expect(await call({ "0": "[{" })).toBe(400);
  expect(await call({ ...mine, "0": '[{},"$99"]' })).toBe(400);
  expect(await call(mine, { origin: "https://evil.example" })).toBe(403);
  const host = { "x-forwarded-host": "evil.example" };
  expect(await call(mine, { origin: "https://evil.example", ...host })).toBe(403);
  expect(await call(mine, { origin: "", ...host })).toBe(403);
  for (const nonsense of [{ "0": "[]" }, { "0": '[{},"hello"]' }, { ...mine, _1_name: "\u202e" }])
    expect(await call(nonsense)).toBe(200);
  expect(await rowsOf(customer)).toEqual(before);
  expect(await call(mine, host)).toBe(200);
  expect((await rowsOf(customer)).user).toMatchObject([{ name: "몰래" }]);
});

test("a forged webhook moves nothing", async ({ request, customer, page }) => {
  const open = await orders(customer, "onboarding-once-v1");
  const { orderId } = await checkoutOf(open);
  await subscribes(customer, "basic-month-v1");
  const before = await rowsOf(customer);
  const forged = [
    { eventType: "PAYMENT_STATUS_CHANGED", data: { orderId, status: "DONE", totalAmount: 1 } },
    { eventType: "PAYMENT_STATUS_CHANGED", data: { orderId: "ord_unknown", status: "CANCELED" } },
    { eventType: "BILLING_DELETED", data: { billingKey: "bk_forged" } },
    { orderId, status: "DONE", secret: "forged" },
  ];
  for (const body of forged) await tell(request, body);
  await jobs.settle(15_000);
  expect(await rowsOf(customer)).toEqual(before);
  await page.goto("/account");
  await expect(page.getByRole("main")).toContainText("이용 중");
});

test("a session that was forged or belongs to nobody is no session", async ({ page, context }) => {
  await giveSession(context, "ses_nobody");
  await page.goto("/account");
  await page.waitForURL("**/sign-in");
  const [cookie] = await context.cookies();
  if (cookie) await context.addCookies([{ ...cookie, value: `${cookie.value.slice(0, -4)}AAAA` }]);
  await page.goto("/account");
  await page.waitForURL("**/sign-in");
  await page.goto("/sign-in?next=https://evil.example");
  expect(await page.content()).not.toContain("https://evil.example/");
});

async function tell(request: APIRequestContext, body: object): Promise<void> {
  const response = await request.post("/api/toss/webhook", { data: body });
  expect(response.status()).toBe(200);
}
