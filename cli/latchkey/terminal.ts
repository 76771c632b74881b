// Writing to the terminal: text, tables, colours and progress.
import { environment } from "./environment.ts";

const encoder = new TextEncoder();

/** Writes all of a text or of bytes. */
export async function write(
  to: typeof Deno.stdout | typeof Deno.stderr,
  text: string | Uint8Array,
): Promise<void> {
  const bytes = typeof text === "string" ? encoder.encode(text) : text;
  for (let written = 0; written < bytes.length;) written += await to.write(bytes.subarray(written));
}

export const print = (text: string): Promise<void> => write(Deno.stdout, `${text}\n`);

/** What is no result: what happens meanwhile, and questions. */
export const say = (text: string): Promise<void> => write(Deno.stderr, `${text}\n`);

const hasColour = (to: { isTerminal(): boolean }) =>
  to.isTerminal() && environment.NO_COLOR === undefined && environment.TERM !== "dumb";

/** Bold on a terminal that shows colours. */
export const bold = (text: string): string => hasColour(Deno.stdout) ? `\x1b[1m${text}\x1b[22m` : text;

export const red = (text: string): string => hasColour(Deno.stderr) ? `\x1b[31m${text}\x1b[39m` : text;

/** A value in one line; what could move the cursor is left out. */
export function cell(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value) && value.every((part) => typeof part !== "object")) {
    return value.map(cell).join(", ");
  }
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  // deno-lint-ignore no-control-regex
  return text.replaceAll(/[\x00-\x1f\x7f-\x9f]+/g, " ");
}

/** Columns with aligned headings. */
export function table(headings: string[], rows: string[][]): string {
  const widths = headings.map((heading, at) =>
    Math.max(heading.length, ...rows.map((row) => row[at].length))
  );
  const line = (cells: string[]) => cells.map((text, at) => text.padEnd(widths[at])).join("  ").trimEnd();
  return [bold(line(headings)), ...rows.map(line)].join("\n");
}

/** Every field that has a value, a line each. */
export function fields(object: object): string {
  const shown = Object.entries(object).map(([name, value]) => [name, cell(value)]).filter(([, text]) =>
    text !== ""
  );
  const width = Math.max(0, ...shown.map(([name]) => name.length));
  return shown.map(([name, text]) => `${bold(name.padEnd(width))}  ${text}`).join("\n");
}

/** A bar that is drawn where standard error is a terminal, and nowhere else. */
export function progressBar(what: string): { show(done: number, total: number | null): void; end(): void } {
  const isShown = Deno.stderr.isTerminal();
  let isDrawn = false;
  const draw = (text: string) => isShown && Deno.stderr.writeSync(encoder.encode(`\r\x1b[K${text}`));
  return {
    show(done, total) {
      isDrawn = true;
      if (!total) return void draw(`${what}: ${done.toLocaleString("en")}`);
      const share = Math.min(1, done / total);
      const bar = "#".repeat(Math.round(share * 30)).padEnd(30, ".");
      draw(`${what} [${bar}] ${Math.floor(share * 100)} % of ${total.toLocaleString("en")}`);
    },
    end: () => void (isDrawn && draw("")),
  };
}
