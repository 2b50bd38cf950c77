/** Reads a file of cases, and says in plain words what is wrong with it. */
import { readFileSync } from "node:fs";
import type { z } from "zod";
import { type ContractCase, contractCase } from "./case";

export type CaseFile = {
  readonly cases: readonly ContractCase[];
  /** How many there are, with those that cannot be read. */
  readonly count: number;
  readonly faults: readonly string[];
};

export function readCases(path: string): CaseFile {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (fault) {
    return unreadable(`${path} cannot be read: ${messageOf(fault)}`);
  }
  return parseCases(text, path);
}

export function parseCases(text: string, path: string): CaseFile {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch (fault) {
    return unreadable(`${path} is not JSON: ${messageOf(fault)}`);
  }
  if (!Array.isArray(list))
    return unreadable(`${path} holds no list of cases: it begins with ${kindOf(list)}`);
  if (list.length === 0) return unreadable(`${path} holds an empty list: there is nothing to play`);
  const cases: ContractCase[] = [];
  const faults: string[] = [];
  for (const [at, one] of list.entries()) {
    const read = contractCase.safeParse(one);
    if (read.success) cases.push(read.data);
    else
      faults.push(
        `${titleOf(one, at)} cannot be played: ${read.error.issues.map(wordsOf).join("; ")}`,
      );
  }
  return { cases, count: list.length, faults };
}

function unreadable(fault: string): CaseFile {
  return { cases: [], count: 0, faults: [fault] };
}

function titleOf(one: unknown, at: number): string {
  const name = typeof one === "object" && one !== null && "name" in one ? one.name : null;
  return typeof name === "string" ? `Case ${at + 1} ("${name}")` : `Case ${at + 1}`;
}

/** "steps 2, on: not a day: 2027-02-30": steps are counted from 1, as people count. */
function wordsOf({ path, message }: z.core.$ZodIssue): string {
  const place = path.map((part) => (typeof part === "number" ? part + 1 : String(part))).join(" ");
  return place === "" ? message : `${place}: ${message}`;
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

function messageOf(fault: unknown): string {
  return fault instanceof Error ? fault.message : String(fault);
}
