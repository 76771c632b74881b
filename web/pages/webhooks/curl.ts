// A request as it was on the wire, and as a command that sends it again.
import type { Attempt } from "./webhook_labels.ts";

/** What stands for a header's value that is the receiver's secret and not kept in the clear. */
const HIDDEN = "(not shown)";

type SentRequest = Pick<Attempt, "url" | "headers">;

/** Headers in the order of reading: those an owner added, then ours. */
function headersOf({ headers }: SentRequest): [name: string, value: string | null][] {
  const ours = /^(content-type|user-agent|webhook-.*)$/;
  const all = Object.entries(headers ?? {}).sort(([a], [b]) => a.localeCompare(b));
  return [...all.filter(([name]) => !ours.test(name)), ...all.filter(([name]) => ours.test(name))];
}

/** The first line and the headers; null where they were not kept. */
export function requestHead(attempt: SentRequest, body: string): string | null {
  if (attempt.url === null) return null;
  const { pathname, search, host } = new URL(attempt.url);
  const lines = headersOf(attempt).map(([name, value]) => `${name}: ${value ?? HIDDEN}`);
  const length = new TextEncoder().encode(body).length;
  return [`POST ${pathname}${search} HTTP/1.1`, `host: ${host}`, ...lines, `content-length: ${length}`]
    .join("\n");
}

/** A command for a shell that sends the same request. */
export function curlOf(attempt: SentRequest, body: string): string {
  const headers = headersOf(attempt).map(([name, value]) => `-H ${quote(`${name}: ${value ?? HIDDEN}`)}`);
  return [`curl -i -X POST ${quote(attempt.url ?? "")}`, ...headers, `--data-raw ${quote(body)}`]
    .join(" \\\n  ");
}

/** Text that a shell takes as it stands. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
