/** Several people share an account: invited by mail, each with what they may do, and out at once. */
import type { Page } from "playwright/test";
import { awake, chooseCard, said, tossWindow } from "./support/buying";
import { findPerson, newEmail, newPerson, PASSWORD, signInOn, subscribes } from "./support/people";
import { expectReadable, findViolations } from "./support/reading";
import { expect, test } from "./support/test";
import { mailedTo, subscriptionsOf } from "./support/world";

test("a guest is invited, accepts, switches and changes the card; the one who may not is told, and a removed one is out", {
  tag: "@phone",
}, async ({ page, customer: owner, browser }) => {
  test.setTimeout(180_000);
  await subscribes(owner, "basic-month-v1");
  const main = page.getByRole("main");

  await page.goto("/account");
  await page.getByRole("link", { name: "구성원", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("구성원");
  await expect(main).toContainText("소유자는 나갈 수 없어요");
  const [payer, looker] = [newEmail(), newEmail()];
  await invite(page, payer, "결제 담당자");
  await invite(page, looker, "일반 구성원");
  await page.reload();
  await expect(main.getByRole("listitem").filter({ hasText: payer })).toContainText("결제 담당자");

  // Signs up with another address than the invited one.
  const guest = await browser.newPage();
  const guestMain = guest.getByRole("main");
  await guest.goto(await linkTo(payer));
  await expect(guestMain).toContainText(
    `${owner.name} (${owner.email})님의 계정에서 결제 담당자로`,
  );
  await expectReadable(guest);
  expect(await findViolations(guest)).toEqual([]);
  await guest.getByRole("link", { name: "가입하고 수락하기" }).click();
  const own = newEmail();
  await signUp(guest, own);
  await guest.waitForURL("**/invitation?token=*");
  await expect(guestMain).toContainText(own);
  await guest.getByRole("button", { name: "수락하기" }).click();
  await guest.waitForURL("**/account?notice=joined");
  await expect(guestMain).toContainText("BASIC");

  await chooseAccount(guest, "내 계정");
  await expect(guestMain).toContainText("아직 구독이 없어요");
  await chooseAccount(guest, `${owner.name}님의 계정 (${owner.email}) · 결제 담당자`);
  await guest.getByRole("link", { name: "결제수단 변경" }).click();
  await (await awake(guest.getByRole("button", { name: "다른 카드 등록하기" }))).click();
  await chooseCard(await tossWindow(guest), "느린 카드");
  await expect(guest.getByRole("heading", { level: 1 })).toHaveText("결제수단을 바꿨어요");
  await guest.goto("/account/members");
  await expect(guest.getByRole("button", { name: /내보내기|초대 보내기/ })).toHaveCount(0);

  const plain = await newPerson();
  const plainContext = await browser.newContext();
  await signInOn(plainContext, plain);
  const other = await plainContext.newPage();
  const otherMain = other.getByRole("main");
  await other.goto(await linkTo(looker));
  await other.getByRole("button", { name: "수락하기" }).click();
  await other.waitForURL("**/account?notice=joined");
  await expect(otherMain).toContainText("지금 쓸 수 있어요");
  await expect(otherMain).not.toContainText(/\d원/);
  await expect(otherMain.getByRole("link", { name: /해지|결제/ })).toHaveCount(0);
  expect(await findViolations(other)).toEqual([]);
  await expectReadable(other);
  for (const path of ["/account/card", "/account/payments", "/account/cancel"]) {
    await other.goto(path);
    await expect(otherMain).toContainText(`소유자 ${owner.email}에게 말씀해 주세요`);
  }
  await page.reload();
  await expectReadable(page);
  expect(await findViolations(page)).toEqual([]);
  const row = main.getByRole("listitem").filter({ hasText: own });
  await row.getByRole("button", { name: /일반 구성원으로 바꾸기/ }).click();
  await expect(said(page, "역할을 바꿨어요")).toBeVisible();
  await guest.goto("/account/card");
  await expect(guestMain).toContainText("소유자와 결제 담당자만 볼 수 있어요");

  await row.getByText("내보내기").first().press("Enter");
  await row.getByRole("button", { name: /님 내보내기/ }).click();
  await expect(said(page, "구성원을 내보냈어요")).toBeVisible();
  await guest.goto("/account");
  await expect(guestMain).toContainText("아직 구독이 없어요");
  await expect(guest.getByRole("form", { name: "계정" })).toHaveCount(0);
  expect(await subscriptionsOf(await findPerson(own))).toEqual([]);
  await guest.goto(await linkTo(payer));
  await expect(guestMain).toContainText("쓸 수 없는 초대예요");

  await other.goto("/account/members");
  await other.getByRole("button", { name: "이 계정에서 나가기" }).click();
  await other.waitForURL("**/account?notice=left");
  await guest.close();
  await plainContext.close();
});

test("an invitation is withdrawn, and English is complete", async ({ page, customer: owner }) => {
  await page.goto("/account/members");
  await page.getByRole("button", { name: "English" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Members");
  const email = newEmail();
  await page.getByLabel("Their e-mail address").fill(email);
  await page.getByRole("button", { name: "Send the invitation" }).click();
  await expect(page.getByText("Please choose what they may do.")).toBeVisible();
  await page.getByRole("radio", { name: /Billing member/ }).check();
  await page.getByRole("button", { name: "Send the invitation" }).click();
  await expect(said(page, "The invitation is on its way")).toBeVisible();
  const link = await linkTo(email);
  await page.reload();
  await page.getByRole("button", { name: `Withdraw ${email}` }).click();
  await expect(said(page, "The invitation has been withdrawn.")).toBeVisible();
  await page.goto(link);
  await expect(page.getByRole("main")).toContainText("This invitation cannot be used");
  expect((await findPerson(owner.email)).locale).toBe("en");
});

async function invite(page: Page, email: string, role: string): Promise<void> {
  await page.getByLabel("초대할 이메일").fill(email);
  await page.getByRole("radio", { name: role }).check();
  await page.getByRole("button", { name: "초대 보내기" }).click();
  await expect(said(page, `${email} 주소로 초대를 보냈어요`)).toBeVisible();
}

/** The link in the newest mail to an address. */
async function linkTo(email: string): Promise<string> {
  const [mail] = await mailedTo(email);
  return /http\S+/.exec(mail?.body ?? "")?.[0] ?? "";
}

async function chooseAccount(page: Page, label: string): Promise<void> {
  const form = page.getByRole("form", { name: "계정" });
  await form.getByRole("combobox").selectOption({ label });
  await form.getByRole("button", { name: "바꾸기" }).click();
  await page.waitForURL("**/account?notice=switched");
}

async function signUp(page: Page, email: string): Promise<void> {
  await page.getByLabel("이메일").fill(email);
  await page.getByLabel("비밀번호").fill(PASSWORD);
  await page.getByLabel("이름").fill("박초대");
  for (const box of await page.getByRole("checkbox").all()) await box.check();
  await page.getByRole("button", { name: "가입하고 시작하기" }).click();
}
