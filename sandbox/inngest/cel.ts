/**
 * The part of CEL that keys and matches of a billing app need: paths below `event` and `async`,
 * literals, `==`, `&&` and `+`. Anything else is an error when the function is registered, since a
 * wrong guess would silently send work to the wrong run.
 */
export type Expression = (scope: Scope) => unknown;
export type Scope = { event: unknown; async?: unknown };

const TOKEN =
  /\s*(?:(?<path>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)|(?<text>'[^'\\]*'|"[^"\\]*")|(?<number>\d+(?:\.\d+)?)|(?<operator>==|&&|\+))\s*/y;

/** Reads an expression; throws with the place when it uses more than the supported part. */
export function parseExpression(source: string): Expression {
  const tokens = readTokens(source);
  const all = splitAt(tokens, "&&").map((part) => parseComparison(part, source));
  const [only] = all;
  if (all.length === 1 && only) return only;
  return (scope) => all.every((one) => one(scope) === true);
}

/** The text a key expression gives; a missing value is the empty text. */
export function evaluateKey(key: Expression | null, event: unknown): string {
  const value = key?.({ event });
  return value === undefined || value === null ? "" : String(value);
}

type Token = { kind: "operand"; read: Expression } | { kind: "operator"; text: string };

function readTokens(source: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.length) {
    const at = TOKEN.lastIndex;
    const groups = TOKEN.exec(source)?.groups;
    if (!groups) throw unsupported(source, source.slice(at));
    const { path, text, number, operator } = groups;
    if (operator) tokens.push({ kind: "operator", text: operator });
    else if (text) tokens.push(constant(text.slice(1, -1)));
    else if (number) tokens.push(constant(Number(number)));
    else if (path) tokens.push(readPath(path, source));
  }
  return tokens;
}

function readPath(path: string, source: string): Token {
  const literals = new Map<string, unknown>([
    ["true", true],
    ["false", false],
    ["null", null],
  ]);
  if (literals.has(path)) return constant(literals.get(path));
  const [root, ...names] = path.split(".");
  if (root !== "event" && root !== "async") throw unsupported(source, path);
  return { kind: "operand", read: (scope) => names.reduce(member, scope[root]) };
}

function member(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return Reflect.get(value, name);
}

function constant(value: unknown): Token {
  return { kind: "operand", read: () => value };
}

function parseComparison(tokens: Token[], source: string): Expression {
  const sides = splitAt(tokens, "==").map((part) => parseSum(part, source));
  const [left, right] = sides;
  if (!left || sides.length > 2) throw unsupported(source, "==");
  if (!right) return left;
  return (scope) => {
    const value = left(scope);
    return value !== undefined && value === right(scope);
  };
}

function parseSum(tokens: Token[], source: string): Expression {
  const terms = splitAt(tokens, "+").map((part) => {
    const [token] = part;
    if (part.length !== 1 || token?.kind !== "operand") throw unsupported(source, source);
    return token.read;
  });
  const [only] = terms;
  if (terms.length === 1 && only) return only;
  return (scope) => {
    const values = terms.map((term) => term(scope));
    if (values.every((value) => typeof value === "number")) {
      return values.reduce((sum, value) => sum + value, 0);
    }
    return values.map((value) => value ?? "").join("");
  };
}

function splitAt(tokens: Token[], operator: string): Token[][] {
  const parts: Token[][] = [[]];
  for (const token of tokens) {
    if (token.kind === "operator" && token.text === operator) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
}

function unsupported(source: string, at: string): Error {
  return new Error(
    `The sandbox's job runner cannot read the expression "${source}" at "${at}": it knows event and async paths, literals, ==, && and +.`,
  );
}
