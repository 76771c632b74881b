// The SQL in the code: the tagged template literals of postgres.js, each with its interpolations blanked.
import { lineOf, type Source, withoutComments } from "./source.ts";

export interface SqlText {
  path: string;
  /** The line on which it starts. */
  line: number;
  /** The text between the backticks; every interpolation is `${}`. */
  text: string;
}

/** What stands before a template literal that is SQL: a pool, a transaction, a connection, or their `unsafe`. */
const tags = /(?:\b(?:db|sql|tx|connection)|\]>|\bunsafe\(\s*)$/;

/** Finds the SQL of a file. A template inside an interpolation is an entry of its own. */
export function sqlOf(source: Source): SqlText[] {
  const { path, text } = withoutComments(source);
  const found: SqlText[] = [];

  /** Reads a template from after its opening backtick to after its closing one. */
  function readTemplate(start: number): number {
    const isSql = tags.test(text.slice(Math.max(0, start - 40), start - 1));
    let content = "";
    let at = start;
    while (at < text.length && text[at] !== "`") {
      if (text[at] === "\\") {
        content += text.slice(at, at + 2);
        at += 2;
      } else if (text.startsWith("${", at)) {
        content += "${}";
        at = readCode(at + 2, true);
      } else {
        content += text[at++];
      }
    }
    if (isSql) found.push({ path, line: lineOf(text, start), text: content });
    return at + 1;
  }

  /** Reads code up to the brace that closes an interpolation, or to the end of the file. */
  function readCode(start: number, isInterpolation: boolean): number {
    let depth = 0;
    let at = start;
    while (at < text.length) {
      const character = text[at];
      if (character === "`") {
        at = readTemplate(at + 1);
        continue;
      }
      if (character === '"' || character === "'") {
        const quoted = text.slice(at).match(/^(["'])(?:\\.|(?!\1)[^\\\n])*\1/)?.[0];
        at += quoted?.length ?? 1;
        continue;
      }
      if (character === "{") depth++;
      if (character === "}" && isInterpolation && depth-- === 0) return at + 1;
      at++;
    }
    return at;
  }

  readCode(0, false);
  return found;
}

export interface Write {
  /** The position of the statement in the text. */
  index: number;
  verb: "insert" | "update" | "delete" | "merge" | "truncate" | "copy";
  table: string;
  /** The statement up to the table's name. */
  text: string;
}

/** A locking clause ("for update of l") and a clause of `on conflict` ("do update set") are no statements. */
const write =
  /(?<!\b(?:for|do|key)\s+)\b(insert\s+into|update|delete\s+from|merge\s+into|truncate(?:\s+table)?|copy)\s+(?:only\s+)?((?:"?public"?\s*\.\s*)?"?\w+"?(?:\s*,\s*(?:"?public"?\s*\.\s*)?"?\w+"?)*)/g;

/** The statements of a text that write a table, in every spelling that PostgreSQL accepts in lower case. */
export function writesOf(text: string): Write[] {
  return [...text.matchAll(write)].flatMap((found) => {
    const [statement, verb, tables] = found;
    const names = tables.split(",").map((name) => name.replace(/"?\bpublic\b"?\s*\.|["\s]/g, "")).filter(
      Boolean,
    );
    return names.map((table) => ({
      index: found.index,
      verb: verb.match(/^\w+/)![0] as Write["verb"],
      table,
      text: statement,
    }));
  });
}

/** Whether SQL writes a table whose name is interpolated. */
export function writesInterpolatedTable({ text }: SqlText): boolean {
  return /(?<!\b(?:for|do|key)\s+)\b(?:insert\s+into|update|delete\s+from|merge\s+into|truncate(?:\s+table)?|copy)\s+(?:only\s+)?(?:"?public"?\s*\.\s*)?"?\$\{\}/i
    .test(text);
}
