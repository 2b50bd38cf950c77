import { describe, expect, it } from "vitest";
import { parseNextPath, pathAfterSignIn, withNext } from "./next-path";

describe("the path to go on to after signing in", () => {
  it.each(["/pricing", "/pricing?interval=year", "/checkout/chk_1#pay"])("keeps %s", (path) => {
    expect(parseNextPath(path)).toBe(path);
  });

  it.each([
    "//evil.example",
    "/\\evil.example",
    "/a\\b",
    "https://evil.example",
    "javascript:alert(1)",
    "/\t/evil.example",
    "/\n/evil.example",
    "",
    "pricing",
    `/${"a".repeat(600)}`,
    undefined,
    ["/pricing"],
  ])("refuses %j", (path) => {
    expect(parseNextPath(path)).toBe("/account");
  });

  it.each([
    ["customer", undefined, "/account"],
    ["support", undefined, "/admin"],
    ["operator", undefined, "/admin"],
    ["operator", "/pricing", "/pricing"],
    ["operator", "//evil.example", "/admin"],
  ] as const)("leads a person of role %s who asked for %s to %s", (role, wanted, path) => {
    expect(pathAfterSignIn(parseNextPath(wanted), { role })).toBe(path);
  });

  it("is carried along in links, unless it is where everybody goes", () => {
    expect(withNext("/sign-up", "/pricing?interval=year")).toBe(
      "/sign-up?next=%2Fpricing%3Finterval%3Dyear",
    );
    expect(withNext("/sign-in", "/account")).toBe("/sign-in");
  });
});
