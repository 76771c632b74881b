// The repository as the rules see it: every file that git keeps, as text, and who imports whom.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, extname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

export interface Source {
  /** From the root, "server/app.ts". */
  path: string;
  text: string;
}

export interface Import {
  from: string;
  line: number;
  /** A path from the root; for packages the name as it is written, "hono" or "node:crypto". */
  to: string;
  /** Whether it is gone once the types are. */
  onlyTypes: boolean;
  /** Whether it is loaded while the program runs, by the function `import`. */
  isLate: boolean;
}

const binary = new Set([".png", ".ico", ".jpg", ".webp", ".woff", ".woff2", ".xlsx", ".gz"]);
const ignored = readFileSync(join(root, ".gitignore"), "utf8").split("\n").filter(Boolean)
  .map((line) => line.replace(/\/$/, ""));
/** Those with a slash in front are of the root; names are ignored in every folder. */
const ignoredPaths = new Set(ignored.map((line) => line.replace(/^\//, "")));
const ignoredNames = new Set([".git", ...ignored]);

function read(folder: string): Source[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (ignoredPaths.has(path) || ignoredNames.has(entry.name)) return [];
    if (entry.isDirectory()) return read(path);
    return binary.has(extname(path)) ? [] : [{ path, text: readFileSync(join(root, path), "utf8") }];
  });
}

/** Every text file. */
export const sources = read(".").sort((a, b) => a.path < b.path ? -1 : 1);

/** Every file of TypeScript. */
export const code = sources.filter(({ path }) => /\.tsx?$/.test(path));

export function sourceOf(path: string): string {
  const found = sources.find((source) => source.path === path);
  assert.ok(found, `There is no ${path}, which a rule is about.`);
  return found.text;
}

/** Everything under one of these folders, or one of these files. */
export function under(...paths: string[]): (path: string) => boolean {
  return (path) => paths.some((known) => known.endsWith("/") ? path.startsWith(known) : path === known);
}

export function lineOf(text: string, index: number): number {
  return text.slice(0, index).split("\n").length;
}

/** Where a pattern is found; it must have the flag `g`. */
export function find(source: Source, pattern: RegExp): { at: string; found: RegExpMatchArray }[] {
  return [...source.text.matchAll(pattern)].map((found) => ({
    at: `${source.path}:${lineOf(source.text, found.index)}`,
    found,
  }));
}

/** The same file with its comments blanked, line by line, so that prose breaks no rule about code. */
export function withoutComments({ path, text }: Source): Source {
  const blocks = text.replace(
    /\/\*\*?(?:\s(?:(?!\*\/)[^])*)\*\//g,
    (comment) => comment.replace(/[^\n]/g, " "),
  );
  return { path, text: blocks.replace(/(^|\s)\/\/ .*$/gm, "$1").replace(/^\s*\/\/.*$/gm, "") };
}

const statements = [
  /^import\s+(?<names>[^;"'`]*?)\s+from\s+"(?<to>[^"]+)"/gm,
  /^export\s+(?<names>(?:type\s+)?(?:\*(?:\s+as\s+\w+)?|\{[^}]*\}))\s+from\s+"(?<to>[^"]+)"/gm,
  /^import\s+(?<names>)"(?<to>[^"]+)"/gm,
  /\bimport\((?<names>)\s*"(?<to>[^"]+)"/g,
];

function importsOf(source: Source): Import[] {
  return statements.flatMap((statement) => [...source.text.matchAll(statement)]).map((found) => {
    const { names, to } = found.groups!;
    return {
      from: source.path,
      line: lineOf(source.text, found.index),
      to: to.startsWith(".") ? posix.join(dirname(source.path), to) : to.replace(/^npm:/, ""),
      onlyTypes: areTypes(names),
      isLate: /^import\(/.test(found[0]),
    };
  });
}

/** "type { A }", or "{ type A, type B }". */
function areTypes(names: string): boolean {
  if (/^type\b/.test(names)) return true;
  const listed = names.match(/^\{([^]*)\}$/)?.[1].split(",").map((name) => name.trim()).filter(Boolean);
  return listed !== undefined && listed.length > 0 && listed.every((name) => name.startsWith("type "));
}

/** Every import there is. */
export const imports = code.flatMap(importsOf);

/** Fails with every break of a rule, a line each. */
export function assertNone(broken: string[], rule: string): void {
  if (broken.length > 0) assert.fail(`${rule}\n${broken.map((line) => `  ${line}`).join("\n")}\n`);
}
