import { createServer } from "node:net";
import { expect, test } from "vitest";
import { findFreePorts, readPorts, refuseTakenPorts } from "./ports";

test("without a word from anyone the usual ports are taken", () => {
  expect(readPorts({})).toEqual({ app: 3000, toss: 3001, inngest: 8288, postgres: 5433 });
});

test("each port can be moved by its variable", () => {
  const moved = { PORT: "4000", TOSS_PORT: "4001", INNGEST_PORT: "4288", PG_PORT: "4433" };
  expect(readPorts(moved)).toEqual({ app: 4000, toss: 4001, inngest: 4288, postgres: 4433 });
});

test.each(["abc", "0", "65536", "80.5", "-1"])(
  "PORT=%s is no port, and the sentence says so",
  (text) => {
    expect(() => readPorts({ PORT: text })).toThrow(
      `PORT must be a whole number from 1 to 65535, and it is "${text}".`,
    );
  },
);

test("two parts cannot share a port", () => {
  expect(() => readPorts({ TOSS_PORT: "3000" })).toThrow("PORT and TOSS_PORT are both 3000");
});

test("a port that another program holds is named, with the variable that moves it", async () => {
  const ports = await findFreePorts();
  await expect(refuseTakenPorts(ports, ["app", "toss"])).resolves.toBeUndefined();

  const other = createServer();
  await new Promise<void>((resolve) => other.listen(ports.toss, "127.0.0.1", resolve));
  try {
    await expect(refuseTakenPorts(ports, ["app", "toss"])).rejects.toThrow(
      `Port ${ports.toss}, meant for the Toss emulator, is taken by another program; stop it or choose another port with TOSS_PORT`,
    );
  } finally {
    other.close();
  }
});
