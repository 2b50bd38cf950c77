/** Getting in: a forgotten password by mail, an old session that ends with it, and patience with guessing. */
import { said } from "./support/buying";
import { newPerson, PASSWORD } from "./support/people";
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

  await elsewhere.goto(link);
  await elsewhere.getByLabel("새 비밀번호").fill(`${PASSWORD}?`);
  await elsewhere.getByRole("button", { name: "비밀번호 바꾸기" }).click();
  await expect(elsewhere.getByRole("main")).toContainText("링크가 만료됐거나 이미 쓰였어요");
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
