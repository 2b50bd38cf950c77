/**
 * Laws of names. An exported name stands in one file, so a reader who meets it knows which layer they are in. A function
 * whose name reads as a question changes nothing.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const FOLDERS = ["app", "components", "db", "inngest", "lib"];

type Sources = ReadonlyMap<string, string>;

/** What Next.js reads from pages and routes: each file has its own. */
const OF_NEXT = /^(?:GET|POST|metadata|generateMetadata|maxDuration)$/;

/** Names that may stand in two files. */
const SHARED = new Set([
  // A column of a table, and the same word for a value in a test: `day("starts_on")`, `day("2027-01-31")`.
  "day",
  "won",
]);

/** `checkInvariantsJob` is a thing and asks nothing. */
const QUESTION =
  /^(?!\w+Job$)(?:are|ask|can|check|count|decide|does|find|has|have|how|is|list|look|may|needs|next|read|should|was|which|who|why)(?=[A-Z]|$)/;

/** Statements that change rows or lock them, calls that move money or keys at Toss, and cookies. */
const WRITES = [
  /\b(?:tx|db\(\))\s*\.(?:insert|update|delete)\(/,
  /\.for\("(?:no key )?update"/,
  /\binsert into \$\{|\bupdate \w+ \w+ set\b/,
  /\bgateway\.(?:cancel|charge|confirm|delete|issue)\w*\(/,
  /\(await cookies\(\)\)\.(?:set|delete)\(/,
];

const sources = readSources();

test("an exported name stands in one file", () => {
  expect(sources.size).toBeGreaterThan(300);
  expect(findSharedNames(sources)).toEqual([]);
});

test("a function that reads as a question writes nothing, and calls nothing that writes", () => {
  const functions = [...sources].flatMap(([file, source]) => listFunctions(file, source));
  expect(functions.filter(({ name }) => QUESTION.test(name)).length).toBeGreaterThan(150);
  expect(findWritingQuestions(sources)).toEqual([]);
});

describe("a fault is found", () => {
  test("a name in two files", () => {
    const planted = new Map([
      ["db/checkout.ts", "export async function expireCheckouts(tx: Tx) {\n}\n"],
      ["lib/operations/checkout/expire.ts", "export async function expireCheckouts() {\n}\n"],
      ["app/account/page.tsx", "export const metadata = {};\n"],
      ["app/admin/page.tsx", "export const metadata = {};\n"],
    ]);
    expect(findSharedNames(planted)).toEqual([
      "expireCheckouts: db/checkout.ts, lib/operations/checkout/expire.ts",
    ]);
  });

  test.each([
    ["a row is changed", "await tx\n    .update(stops).set(over);"],
    ["a row is locked", 'await tx.select().from(stops).for("update");'],
    ["money is moved", "await deps.gateway.cancelPayment(order, key);"],
    ["a writer is called", "await endRests(tx);"],
  ])("%s by a question", (_, statement) => {
    const planted = new Map([
      [
        "db/charging-stop.ts",
        "export function endRests(tx: Tx) {\n  return tx.update(stops);\n}\n",
      ],
      [
        "lib/operations/charge/collect.ts",
        `import {\n  endRests,\n} from "@/db/charging-stop";\n\nasync function isStopped() {\n  ${statement}\n}\n`,
      ],
    ]);
    expect(findWritingQuestions(planted)).toEqual(["lib/operations/charge/collect.ts: isStopped"]);
  });
});

function readSources(): Sources {
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$/.test(file))
      .map((file) => `${folder}/${file}`),
  );
  return new Map([...files, "deps.ts"].map((file) => [file, withoutComments(readFile(file))]));
}

function readFile(file: string): string {
  return readFileSync(join(ROOT, file), "utf8");
}

function withoutComments(source: string): string {
  return source.replace(/^\s*\/\*\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
}

function findSharedNames(all: Sources): readonly string[] {
  const filesOf = new Map<string, Set<string>>();
  for (const [file, source] of all) {
    const names = source.matchAll(
      /^export (?:async )?(?:class|const|function\*?|let|type) (\w+)/gm,
    );
    for (const [, name = ""] of names) {
      const isFree = SHARED.has(name) || (file.startsWith("app/") && OF_NEXT.test(name));
      if (!isFree) filesOf.set(name, (filesOf.get(name) ?? new Set()).add(file));
    }
  }
  return [...filesOf]
    .filter(([, files]) => files.size > 1)
    .map(([name, files]) => `${name}: ${[...files].join(", ")}`);
}

type Listed = { readonly file: string; readonly name: string; readonly body: string };

/** The functions on the top level of a file, each up to the next declaration. */
function listFunctions(file: string, source: string): readonly Listed[] {
  return source.split(/^(?=(?:export|async|const|function|let|type)\b)/m).flatMap((body) => {
    const name = /^(?:export )?(?:default )?(?:async )?(?:function\*?|const) (\w+)/.exec(body)?.[1];
    return name === undefined ? [] : [{ file, name, body }];
  });
}

/** Follows calls to functions of the same file and to those it imports. */
function findWritingQuestions(all: Sources): readonly string[] {
  const functions = [...all].flatMap(([file, source]) => listFunctions(file, source));
  const writers = new Set(functions.filter(({ body }) => WRITES.some((write) => write.test(body))));
  for (let before = -1; before < writers.size; ) {
    before = writers.size;
    const known = [...writers];
    for (const one of functions) {
      const calls = new Set([...one.body.matchAll(/(?<![.\w])(\w+)\(/g)].map(([, name]) => name));
      const source = all.get(one.file) ?? "";
      const isCalled = ({ file, name }: Listed) =>
        calls.has(name) && (file === one.file ? name !== one.name : imports(source, name));
      if (known.some(isCalled)) writers.add(one);
    }
  }
  return [...writers]
    .filter(({ name }) => QUESTION.test(name))
    .map(({ file, name }) => `${file}: ${name}`);
}

function imports(source: string, name: string): boolean {
  return new RegExp(`^import [^;]*\\b${name}\\b`, "m").test(source);
}
