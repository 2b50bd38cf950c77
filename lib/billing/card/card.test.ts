import { describe, expect, it } from "vitest";
import { cardLabel, issuerName, lastFour } from "./card";

describe("an issuer is named", () => {
  it.each([
    ["61", "현대"],
    ["W1", "우리"],
    ["3K", "기업BC"],
    ["31", "BC"],
    ["11", "국민"],
  ])("%s is %s", (code, name) => {
    expect(issuerName(code)).toBe(name);
  });

  it("by its code when it is new to us, and not at all when Toss does not say", () => {
    expect(issuerName("9Z")).toBe("9Z");
    expect(issuerName(null)).toBe("카드");
  });
});

describe("a card is called", () => {
  it.each([
    ["61", "94100001****001*", "현대카드 ····\u00a0001*\u2060"],
    ["4V", "94100008****008*", "4V카드 ····\u00a0008*\u2060"],
    ["61", null, "현대카드"],
    [null, "94100001****001*", "카드 ····\u00a0001*\u2060"],
    [null, null, "카드"],
  ])("%s with %s: %s", (issuerCode, maskedNumber, label) => {
    expect(cardLabel({ issuerCode, maskedNumber })).toBe(label);
  });

  it("by its issuer's English name in English", () => {
    const maskedNumber = "94100001****001*";
    expect(cardLabel({ issuerCode: "61", maskedNumber }, "en")).toBe(
      "Hyundai card ····\u00a0001*\u2060",
    );
    expect(cardLabel({ issuerCode: "4V", maskedNumber: null }, "en")).toBe("4V card");
    expect(cardLabel({ issuerCode: null, maskedNumber: null }, "en")).toBe("Card");
  });
});

it("shows the last four characters, or none", () => {
  expect(lastFour("12345678****123*")).toBe("123*");
  expect(lastFour(null)).toBe("");
});
