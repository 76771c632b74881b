// Architecture rule 11: verbs are `(ctx, input)`, and their names say what they do when nothing is there.
import { test } from "../support/test.ts";
import { assertNone, code, lineOf, type Source, under } from "./source.ts";

interface Verb {
  at: string;
  name: string;
  firstParameter: string;
  result: string;
}

const declaration =
  /^export (?:async )?function\*? (\w+)(?:<[^(]*>)?\(\s*((?:[^()]|\((?:[^()]|\([^()]*\))*\))*)\)\s*:\s*([^;{]*(?:\{[^}]*\}[^;{]*)*)\{$/gm;

function verbsOf({ path, text }: Source): Verb[] {
  return [...text.matchAll(declaration)].map(({ 1: name, 2: parameters, 3: result, index }) => ({
    at: `${path}:${lineOf(text, index)} ${name}`,
    name,
    firstParameter: parameters.trim().match(/^(?:\{[^}]*\}|\w+)/)?.[0] ?? "",
    result: result.replace(/\s+/g, " ").trim(),
  }));
}

const verbs = code.filter(({ path }) => under("server/domain/")(path)).flatMap(verbsOf);
const named = (prefix: string) => verbs.filter(({ name }) => new RegExp(`^${prefix}[A-Z]`).test(name));

test("there are verbs to check", () => {
  assertNone(
    verbs.length > 150 ? [] : [String(verbs.length)],
    "This test cannot read declarations any more:",
  );
});

test("what finds, gets or lists takes a context first", () => {
  assertNone(
    ["find", "get", "list"].flatMap(named)
      .filter(({ firstParameter }) => !/^(?:ctx|db|\{.*\})$/.test(firstParameter))
      .map(({ at, firstParameter }) => `${at}(${firstParameter})`),
    "Name it by what it does if it is no verb:",
  );
});

test("what finds may find nothing", () => {
  assertNone(
    named("find").filter(({ result }) => !/\bnull\b/.test(result)).map(({ at, result }) =>
      `${at}: ${result}`
    ),
    "Call it get… or list…, or return null where there is none:",
  );
});

test("what gets returns a value or refuses", () => {
  assertNone(
    named("get").filter(({ result }) => /^(?:Promise<)?[^{<]*\| null>?$/.test(result))
      .map(({ at, result }) => `${at}: ${result}`),
    "Call it find…, or refuse where there is none:",
  );
});

test("what lists returns a list", () => {
  assertNone(
    named("list").filter(({ result }) => !/\[\]|Page<|Generator|Array</.test(result))
      .map(({ at, result }) => `${at}: ${result}`),
    "Call it get…, or return an array or a page:",
  );
});
