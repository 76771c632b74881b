// Templates of mails: plain text with {{variables}}. Paragraphs are separated by blank lines; one that is only
// [Label](target) is a button. The text and the HTML of a mail are made of the same template, so nothing in it is markup:
// values are escaped where HTML is written, and a template contains no code.
import { refuse, type TemplateProblem } from "../errors.ts";
import type { MailDefinition, Variable } from "./kinds/definition.ts";
import type { MailValue } from "./kinds/kinds.ts";

/** A part of a line: text, or the name of a variable. */
export type Piece = string | { variable: string };

export type Block =
  | { kind: "text"; lines: Piece[][] }
  | { kind: "button"; label: Piece[]; target: Piece[] };

export interface Template {
  subject: Piece[];
  blocks: Block[];
}

export interface TemplateText {
  subject: string;
  body: string;
}

/** Where a part of a template is: its field, and line and column from 1. */
interface Place {
  field: "subject" | "body";
  line: number;
  column: number;
}

/** `[Label](target)` alone in its paragraph. */
const button = /^\[([^\]\n]{1,200})\]\(([^)\n]*)\)$/;
/** The same within other text, where it would not become a button. */
const strayButton = /\[[^\]\n]{1,200}\]\(/;
const name = /^[a-zA-Z]+$/;

/**
 * Reads a template of a kind.
 *
 * @throws DomainError `INVALID_REQUEST` with the place of what is wrong: an unknown or unfinished variable, a button that is
 *   not a paragraph or leads nowhere, a link or key in the subject, a missing variable
 */
export function parseTemplate(definition: MailDefinition, text: TemplateText): Template {
  const { variables } = definition;
  const subject = parseLine(variables, text.subject, { field: "subject", line: 1, column: 1 });
  for (const piece of subject) {
    if (typeof piece === "string" || variables[piece.variable].form === undefined) continue;
    const column = text.subject.search(new RegExp(`\\{\\{\\s*${piece.variable}`)) + 1;
    fail({ field: "subject", line: 1, column }, "variable_not_in_subject", piece.variable);
  }
  const blocks = parseBody(variables, text.body.replace(/\r\n?/g, "\n"));
  // A paragraph with a variable that may have no value may be left out.
  const shown = blocks.filter((block) =>
    namesIn(piecesOf(block)).every((used) => !variables[used].isOptional)
  );
  const used = new Set(namesIn([...subject, ...shown.flatMap(piecesOf)]));
  const missing = definition.required.find((required) => !used.has(required));
  if (missing) {
    const templateProblem = "variable_missing";
    refuse("INVALID_REQUEST", { field: "body", reason: "not_a_template", templateProblem, value: missing });
  }
  return { subject, blocks };
}

function parseBody(variables: Record<string, Variable>, body: string): Block[] {
  const blocks: Block[] = [];
  let lines: { text: string; line: number }[] = [];
  const end = () => {
    if (lines.length > 0) blocks.push(parseParagraph(variables, lines));
    lines = [];
  };
  for (const [index, text] of body.split("\n").entries()) {
    if (text.trim() === "") end();
    else lines.push({ text: text.trimEnd(), line: index + 1 });
  }
  end();
  return blocks;
}

function parseParagraph(
  variables: Record<string, Variable>,
  lines: { text: string; line: number }[],
): Block {
  const [{ text, line }] = lines;
  const [, label, target] = lines.length === 1 ? text.trim().match(button) ?? [] : [];
  if (label !== undefined) {
    const start = text.length - text.trimStart().length + 1;
    const place: Place = { field: "body", line, column: start + label.length + 3 };
    const pieces = parseLine(variables, target.trim(), place);
    if (!isTarget(variables, pieces)) fail(place, "button_target", target.trim());
    return {
      kind: "button",
      label: parseLine(variables, label, { ...place, column: start + 1 }),
      target: pieces,
    };
  }
  for (const { text, line } of lines) {
    const stray = text.search(strayButton);
    if (stray >= 0) {
      fail({ field: "body", line, column: stray + 1 }, "button_not_alone", text.slice(stray, stray + 40));
    }
  }
  return {
    kind: "text",
    lines: lines.map(({ text, line }) => parseLine(variables, text, { field: "body", line, column: 1 })),
  };
}

/** A link variable alone, or an https address whose host no variable can change. */
function isTarget(variables: Record<string, Variable>, pieces: Piece[]): boolean {
  const [first, ...rest] = pieces;
  if (typeof first === "string") {
    return /^https:\/\/[a-z0-9.-]+(?::\d+)?(?:[/?#]\S*)?$/i.test(first) &&
      (rest.length === 0 || /^https:\/\/[^/?#]+[/?#]/i.test(first));
  }
  return first !== undefined && rest.length === 0 && variables[first.variable].form === "link";
}

/** Splits a line at its variables. */
function parseLine(variables: Record<string, Variable>, text: string, place: Place): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  const placeOf = (index: number): Place => ({ ...place, column: place.column + index });
  while (at < text.length) {
    const open = text.indexOf("{{", at);
    const close = text.indexOf("}}", at);
    if (open < 0 && close < 0) break;
    if (close < 0) fail(placeOf(open), "variable_not_closed", text.slice(open, open + 40));
    if (open < 0 || close < open) fail(placeOf(close), "variable_not_opened", text.slice(close, close + 40));
    const variable = text.slice(open + 2, close).trim();
    if (!name.test(variable) || !Object.hasOwn(variables, variable)) {
      fail(placeOf(open), "unknown_variable", variable, Object.keys(variables));
    }
    if (open > at) pieces.push(text.slice(at, open));
    pieces.push({ variable });
    at = close + 2;
  }
  if (at < text.length) pieces.push(text.slice(at));
  return pieces;
}

function fail(
  { field, line, column }: Place,
  problem: TemplateProblem,
  value: string,
  known?: string[],
): never {
  refuse("INVALID_REQUEST", {
    field,
    reason: "not_a_template",
    templateProblem: problem,
    value,
    line,
    column,
    known,
  });
}

function piecesOf(block: Block): Piece[] {
  return block.kind === "text" ? block.lines.flat() : [...block.label, ...block.target];
}

function namesIn(pieces: Piece[]): string[] {
  return pieces.flatMap((piece) => typeof piece === "string" ? [] : [piece.variable]);
}

/** The blocks that are shown: those with a variable that has no value are left out. */
export function shownBlocks(blocks: Block[], values: Record<string, MailValue>): Block[] {
  return blocks.filter((block) =>
    namesIn(piecesOf(block)).every((variable) => linesOf(values[variable]).length > 0)
  );
}

/** The lines of a value; none when it has none. */
export function linesOf(value: MailValue | null | undefined): readonly string[] {
  const lines = typeof value === "string" ? [value] : value ?? [];
  return lines.filter((line) => line !== "");
}
