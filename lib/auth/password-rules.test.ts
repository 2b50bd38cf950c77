import { describe, expect, test } from "vitest";
import { findWeakness, normalizePassword, type Weakness } from "./password-rules";

const EMAIL = "minji.kim@studio.example.co.kr";

describe("a password is accepted when it is", () => {
  test.each([
    ["a sentence", "봄비가 온 뒤에 산책"],
    ["eight signs out of a generator", "v9#Tq2!x"],
    ["a few words", "correct horse battery"],
    ["a common word among others", "sunshine over busan"],
    ["digits, very many of them", "294817305562"],
    ["its owner's name within much more", "minji loves rainy days"],
    ["of emoji, each counted once", "🌱🍊🐙🚲🎻🧭🪁🧵"],
    ["as long as may be", `${"ab cd".repeat(25)}xyz`],
  ])("%s", (_case, password) => {
    expect(findWeakness(password, EMAIL)).toBeNull();
  });
});

describe("a password is refused as", () => {
  test.each<[Weakness, string]>([
    ["too-short", "v9#Tq2!"],
    ["too-short", ""],
    ["too-short", "🌱🍊🐙🚲"],
    ["too-long", "ab cd".repeat(26)],
    ["common", "12345678"],
    ["common", "１２３４５６７８"],
    ["common", "87654321"],
    ["common", "abcdefgh"],
    ["common", "가각갂갃간갅갆갇"],
    ["common", "        "],
    ["common", "aaaaaaaaa"],
    ["common", "abcdabcd"],
    ["common", "asdfasdf1"],
    ["common", "01012345678"],
    ["common", "19920314"],
    ["common", "password"],
    ["common", "PassWord"],
    ["common", "ｐａｓｓｗｏｒｄ"],
    ["common", "password2026!"],
    ["common", "!!sunshine1"],
    ["common", "qwertyuiop"],
    ["common", "1q2w3e4r"],
    ["common", "maedal1234!"],
    ["common", "비밀번호1234"],
    ["common", "dkssudgktpdy"],
    ["own-address", "minji.kim@studio.example.co.kr"],
    ["own-address", "Minji.Kim1!"],
    ["own-address", "studio123"],
    ["own-address", "minji.kimminji.kim"],
  ])("%s: %s", (weakness, password) => {
    expect(findWeakness(password, EMAIL)).toBe(weakness);
  });
});

test("an address of a letter or two forbids no words", () => {
  expect(findWeakness("a quiet island", "a@q.kr")).toBeNull();
});

test("a password is one however a keyboard writes it", () => {
  const typed = "카페 Ａ１ 한옥";
  expect(normalizePassword(typed.normalize("NFD"))).toBe(normalizePassword(typed.normalize("NFC")));
  expect(normalizePassword(typed)).toBe("카페 A1 한옥");
});
