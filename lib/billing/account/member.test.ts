import { expect, test } from "vitest";
import { MEMBER_ROLES, mayAs, type Right } from "./member";

test.each([
  ["pay", ["owner", "billing"]],
  ["manage", ["owner"]],
] satisfies [Right, string[]][])("to %s is for %j", (right, roles) => {
  expect(MEMBER_ROLES.filter((role) => mayAs(role, right))).toEqual(roles);
});
