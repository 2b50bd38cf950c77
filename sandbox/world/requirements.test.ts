import { expect, test } from "vitest";
import { complaintAbout } from "./requirements.mjs";

const LINUX = { platform: "linux", arch: "x64" };

test.each(["20.9.0", "20.20.2", "22.0.0", "24.1.0"])("Node %s will do", (node) => {
  expect(complaintAbout({ node, ...LINUX })).toBeUndefined();
});

test.each(["16.20.2", "18.19.0", "20.8.1"])("Node %s is turned away in one sentence", (node) => {
  expect(complaintAbout({ node, ...LINUX })).toBe(
    `Maedal needs Node.js 20.9 or newer, and this is Node.js ${node}; get a newer one at https://nodejs.org.`,
  );
});

test("Windows is sent to WSL", () => {
  expect(complaintAbout({ node: "22.0.0", platform: "win32", arch: "x64" })).toContain("WSL");
});

test.each([
  ["freebsd", "x64"],
  ["linux", "s390x"],
])("%s on %s is turned away by name", (platform, arch) => {
  expect(complaintAbout({ node: "22.0.0", platform, arch })).toContain(`${platform} on ${arch}`);
});
