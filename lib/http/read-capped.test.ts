import { describe, expect, test } from "vitest";
import { readCapped } from "./read-capped";

/** A body that comes piece by piece, and what became of it. */
function arriving(pieces: readonly (string | Uint8Array)[]) {
  const left = pieces.map((piece) => (typeof piece === "string" ? Buffer.from(piece) : piece));
  const fate = { taken: 0, canceled: false };
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const piece = left.shift();
        if (!piece) return controller.close();
        fate.taken += 1;
        controller.enqueue(piece);
      },
      cancel() {
        fate.canceled = true;
      },
    },
    { highWaterMark: 0 },
  );
  const init = { method: "POST", body, duplex: "half" };
  return { request: new Request("http://localhost/", init), fate };
}

describe("a body is read", () => {
  test("whole when it is no longer than allowed, to the byte", async () => {
    expect(await readCapped(arriving(["12345"]).request, 5)).toBe("12345");
    expect(await readCapped(arriving(["12", "3", "45"]).request, 5)).toBe("12345");
  });

  test("counted in bytes, not in letters", async () => {
    expect(await readCapped(arriving(["매달"]).request, 6)).toBe("매달");
    expect(await readCapped(arriving(["매달"]).request, 5)).toBeNull();
  });

  test("with letters put together again that were cut between two pieces", async () => {
    const bytes = Buffer.from("매달 🔑");
    const pieces = [...bytes].map((byte) => Uint8Array.of(byte));
    expect(await readCapped(arriving(pieces).request, 100)).toBe("매달 🔑");
  });

  test("as nothing when there is none", async () => {
    expect(await readCapped(new Request("http://localhost/"), 5)).toBe("");
    expect(await readCapped(arriving([]).request, 0)).toBe("");
  });
});

test("a body that is too long is given up, and the rest is never taken", async () => {
  const { request, fate } = arriving(["123", "456", "789", "…"]);
  expect(await readCapped(request, 5)).toBeNull();
  expect(fate).toEqual({ taken: 2, canceled: true });
});
