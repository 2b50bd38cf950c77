import { expect, it } from "vitest";
import { chosenPriceOf, pathOfChosenPrice } from "./chosen-price";
import { parseNextPath, withNext } from "./next-path";

it("reads the chosen price back from the address of the sign-in page", () => {
  const signIn = new URL(withNext("/sign-in", pathOfChosenPrice("basic-year-v1")), "https://a.kr");
  const next = parseNextPath(signIn.searchParams.get("next"));
  expect(chosenPriceOf(next)).toBe("basic-year-v1");
});

it.each(["/account", "/pricing?priceId=basic-year-v1", "/checkout/chk_1", "/checkout/start"])(
  "finds no chosen price in %s",
  (path) => expect(chosenPriceOf(path)).toBeNull(),
);
