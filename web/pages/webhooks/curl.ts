// A delivered request as HTTP text and as a curl command.
import type { Attempt } from "./webhook_labels.ts";

/** Shown in place of header values that are secrets and not stored in clear. */
const HIDDEN = "(hidden)";

type SentRequest = Pick<Attempt, "url" | "headers">;

/** The owner's headers first, then those of every delivery. */
function headersOf({ headers }: SentRequest): [name: string, value: string | null][] {
  const ours = /^(content-type|user-agent|webhook-.*)$/;
  const all = Object.entries(headers ?? {}).sort(([a], [b]) => a.localeCompare(b));
  return [...all.filter(([name]) => !ours.test(name)), ...all.filter(([name]) => ours.test(name))];
}

/** The request line and the headers; null when they were not stored. */
export function requestHead(attempt: SentRequest, body: string): string | null {
  if (attempt.url === null) return null;
  const { pathname, search, host } = new URL(attempt.url);
  const lines = headersOf(attempt).map(([name, value]) => `${name}: ${value ?? HIDDEN}`);
  const length = new TextEncoder().encode(body).length;
  return [`POST ${pathname}${search} HTTP/1.1`, `host: ${host}`, ...lines, `content-length: ${length}`]
    .join("\n");
}

/** A shell command that sends the same request. */
export function curlOf(attempt: SentRequest, body: string): string {
  const headers = headersOf(attempt).map(([name, value]) => `-H ${quote(`${name}: ${value ?? HIDDEN}`)}`);
  return [`curl -i -X POST ${quote(attempt.url ?? "")}`, ...headers, `--data-raw ${quote(body)}`]
    .join(" \\\n  ");
}

/** A single-quoted shell string. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
