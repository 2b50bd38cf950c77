/** Getting in: a forgotten password by mail, an old session that ends with it, and patience with guessing. */
import type { Page } from "playwright/test";
import { said } from "./support/buying";
import { newPerson, PASSWORD, signInOn } from "./support/people";
import { expect, test } from "./support/test";
import { mailsTo } from "./support/world";

test("a forgotten password is set anew by the link in the mailbox", async ({ page, browser }) => {
  const person = await newPerson({ hasPassword: true });
  const elsewhere = await browser.newPage();
  await elsewhere.goto("/sign-in?next=/account/profile");
  await elsewhere.getByLabel("이메일").fill(person.email);
  await elsewhere.getByLabel("비밀번호").fill(PASSWORD);
  await elsewhere.getByRole("button", { name: "로그인", exact: true }).click();
  await elsewhere.waitForURL("**/account/profile");

  await page.goto("/forgot-password");
  await page.getByLabel("이메일").fill(person.email);
  await page.getByRole("button", { name: "링크 받기" }).click();
  await expect(said(page, "가입한 이메일이라면 링크를 보냈어요")).toBeVisible();
  await page.getByLabel("이메일").fill("nobody@example.com");
  await page.getByRole("button", { name: "링크 받기" }).click();
  await expect(said(page, "가입한 이메일이라면 링크를 보냈어요")).toBeVisible();

  const [mail] = await mailsTo(person);
  const link = /http\S+/.exec(mail?.body ?? "")?.[0] ?? "";
  await page.goto("/sandbox");
  const letter = page.getByRole("group").filter({ hasText: person.email });
  await letter.getByText("비밀번호를 다시 정해 주세요").click();
  await expect(letter).toContainText(link);

  const left = await browser.newPage();
  await left.goto(link);
  await page.goto(link);
  await page.getByLabel("새 비밀번호").fill("짧음");
  await page.getByRole("button", { name: "비밀번호 바꾸기" }).click();
  await expect(page.getByRole("main")).toContainText("8자 이상으로 정해 주세요");
  await page.getByLabel("새 비밀번호").fill(`${PASSWORD}!`);
  await page.getByRole("button", { name: "비밀번호 바꾸기" }).click();
  await page.waitForURL("**/sign-in?notice=password-changed");

  await elsewhere.reload();
  await elsewhere.waitForURL("**/sign-in?next=*");
  await page.getByLabel("이메일").fill(person.email);
  await page.getByLabel("비밀번호").fill(PASSWORD);
  await page.getByRole("button", { name: "로그인", exact: true }).click();
  await expect(page.getByRole("main").getByRole("alert")).toContainText("맞지 않아요");
  await page.getByLabel("비밀번호").fill(`${PASSWORD}!`);
  await page.getByRole("button", { name: "로그인", exact: true }).click();
  await page.waitForURL("**/account");

  await left.getByLabel("새 비밀번호").fill(`${PASSWORD}?`);
  await left.getByRole("button", { name: "비밀번호 바꾸기" }).click();
  await expect(left.getByRole("main")).toContainText("링크가 만료됐거나 이미 쓰였어요");
  await left.close();
  await elsewhere.goto(link);
  await expect(elsewhere.getByRole("main")).toContainText("링크가 만료됐거나 이미 쓰였어요");
  await expect(elsewhere.getByLabel("새 비밀번호")).toHaveCount(0);
  await elsewhere.getByRole("link", { name: "링크 다시 받기" }).click();
  await elsewhere.waitForURL("**/forgot-password");
  await elsewhere.close();
});

test("after too many wrong passwords even the right one has to wait", async ({ page }) => {
  const person = await newPerson({ hasPassword: true });
  const alert = page.getByRole("main").getByRole("alert");
  await page.goto("/sign-in");
  await page.getByLabel("이메일").fill(person.email);
  for (let attempt = 1; attempt <= 10; attempt++) {
    await page.getByLabel("비밀번호").fill(`wrong-${attempt}`);
    await page.getByRole("button", { name: "로그인", exact: true }).click();
    // What was typed stays but for the password: an empty field means that the answer is there.
    await expect(page.getByLabel("비밀번호")).toHaveValue("");
    await expect(alert).toContainText("맞지 않아요");
  }
  await page.getByLabel("비밀번호").fill(PASSWORD);
  await page.getByRole("button", { name: "로그인", exact: true }).click();
  await expect(alert).toContainText("시도가 너무 많았어요");
  await page.goto("/account");
  await page.waitForURL("**/sign-in");
});

test("without a script the password is changed and every other device signed out", async ({
  browser,
}) => {
  const person = await newPerson({ hasPassword: true });
  const elsewhere = await browser.newContext();
  await signInOn(elsewhere, person);
  const there = await elsewhere.newPage();
  await there.goto("/account/security");
  await expect(there.getByRole("heading", { level: 1 })).toHaveText("로그인·보안");

  const here = await browser.newContext({ javaScriptEnabled: false });
  await signInOn(here, person);
  const page = await here.newPage();
  await page.goto("/account/profile");
  await page.getByRole("link", { name: "로그인·보안" }).click();
  const change = async (current: string, next: string) => {
    await page.getByLabel("지금 비밀번호").fill(current);
    await page.getByLabel("새 비밀번호").fill(next);
    await page.getByRole("button", { name: "비밀번호 바꾸기" }).click();
  };
  await change("a guess", `${PASSWORD}!`);
  await expect(page.getByRole("main")).toContainText("지금 비밀번호가 맞지 않아요");
  await change(PASSWORD, "12345678");
  await expect(page.getByRole("main")).toContainText("가장 먼저 뚫리는 비밀번호예요");
  await expect(page.getByLabel("지금 비밀번호")).toHaveValue("");
  await change(PASSWORD, `${PASSWORD}!`);
  await page.waitForURL("**/account/security?notice=password-changed");
  await expect(said(page, "비밀번호를 바꿨어요")).toBeVisible();
  await there.reload();
  await there.waitForURL("**/sign-in?next=*");

  await signInAt(there, person.email, `${PASSWORD}!`);
  await there.waitForURL("**/account/security");
  await page.getByRole("button", { name: "다른 기기 모두 로그아웃" }).click();
  await page.waitForURL("**/account/security?notice=signed-out-elsewhere");
  await there.reload();
  await there.waitForURL("**/sign-in?next=*");
  await Promise.all([here.close(), elsewhere.close()]);
});

test("a copy of the cookie opens nothing once its owner has signed out", async ({
  page,
  context,
  customer,
  browser,
}) => {
  const copies = await context.cookies();
  await page.goto("/account/profile");
  await expect(page.getByLabel("이메일")).toHaveValue(customer.email);
  await page.getByRole("button", { name: "로그아웃" }).click();
  await page.waitForURL("/");
  const thief = await browser.newContext();
  await thief.addCookies(copies);
  const theirs = await thief.newPage();
  await theirs.goto("/account/profile");
  await theirs.waitForURL("**/sign-in?next=*");
  await thief.close();
});

test("signing up again with one's own address and password signs in, and with another password tells by mail", async ({
  page,
  browser,
}) => {
  const person = await newPerson({ hasPassword: true });
  const signUp = async (on: Page, password: string) => {
    await on.goto("/sign-up");
    await on.getByLabel("이메일").fill(person.email);
    await on.getByLabel("비밀번호").fill(password);
    await on.getByLabel("이름").fill("김구독");
    for (const box of await on.getByRole("checkbox").all()) await box.check();
    await on.getByRole("button", { name: "가입하고 시작하기" }).click();
  };
  const stranger = await browser.newPage();
  await signUp(stranger, "a stranger's own idea");
  await expect(stranger.getByRole("main").getByRole("alert")).toContainText(
    "이 이메일로는 가입을 마치지 못했어요",
  );
  // The password is kept by the browser alone, and so are the ticks; no answer carries a password.
  await expect(stranger.getByLabel("비밀번호")).toHaveValue("a stranger's own idea");
  await expect(stranger.getByLabel("비밀번호")).not.toHaveAttribute("value", /./);
  for (const box of await stranger.getByRole("checkbox").all()) await expect(box).toBeChecked();
  await stranger.goto("/account");
  await stranger.waitForURL("**/sign-in");
  await stranger.close();
  await expect
    .poll(async () => (await mailsTo(person)).map(({ kind }) => kind))
    .toEqual(["already-signed-up"]);

  await signUp(page, PASSWORD);
  await page.waitForURL("**/account");
});

async function signInAt(page: Page, email: string, password: string): Promise<void> {
  await page.getByLabel("이메일").fill(email);
  await page.getByLabel("비밀번호").fill(password);
  await page.getByRole("button", { name: "로그인", exact: true }).click();
}
