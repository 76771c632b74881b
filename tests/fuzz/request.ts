// A request before it is sent, and damage to how it is written: media types, encodings, headers, what was cut off.
import { Buffer } from "node:buffer";
import type { Random } from "./random.ts";

export interface Sent {
  method: string;
  /** Path and query as they are on the wire. */
  address: string;
  headers: Record<string, string>;
  body: string | Uint8Array<ArrayBuffer> | null;
}

/** A path segment as it is on the wire. */
export function writeSegment(text: string, random: Random): string {
  if (random.chance(0.85)) return encodeURIComponent(text.toWellFormed());
  return random.pick([
    "%00",
    "%ff",
    "%",
    "%E0%A4",
    "%ed%a0%80",
    "a%2Fb",
    "%2e%2e%2f",
    "%0a",
    "%F0%9F%92%A5",
    "-0",
    "1.5",
    "1e3",
    "0x1",
    "01",
    "%EF%BC%91",
    "99999999999999999999",
    "9007199254740993",
    "9223372036854775808",
    "act_1",
    "null",
    "x".repeat(3000),
  ]);
}

/** A query or a form. */
export function writePairs(pairs: [string, string][], random: Random): string {
  const written = pairs.map(([name, text]) =>
    `${encodeURIComponent(name.toWellFormed())}=${encodeURIComponent(text.toWellFormed())}`
  );
  if (random.chance(0.2) && pairs.length > 0) {
    const [name] = random.pick(pairs);
    const encoded = encodeURIComponent(name.toWellFormed());
    const more = random.pick([
      "%00",
      "%ff",
      "%",
      "%ed%a0%80",
      "a%zz",
      "1",
      "",
      "+",
      "%2525",
      "x".repeat(5000),
    ]);
    const written1 = random.pick([
      `${encoded}=${more}`,
      `${encoded}[]=${more}`,
      `${encoded}[a]=${more}`,
      encoded,
      `=${more}`,
      `&&`,
      `${encoded}=1;${encoded}=2`,
    ]);
    return (random.chance(0.5) ? [written1, ...written] : [...written, written1]).join("&");
  }
  return written.join("&");
}

const types = [
  "text/plain",
  "application/x-www-form-urlencoded",
  "multipart/form-data",
  "multipart/form-data; boundary=",
  "multipart/form-data; boundary=x",
  "application/json; charset=utf-16",
  "application/xml",
  "application/json;;;",
  ";",
  "*/*",
  "application/octet-stream",
  "text/csv",
];

const oddHeaders: [string, string[]][] = [
  ["x-request-id", ["x".repeat(65), "a b", "é"]],
  ["x-forwarded-for", ["::1", "999.1.1.1", "a,b,,", "1".repeat(5000), "203.0.113.7, é"]],
  ["user-agent", ["", "é".repeat(3000), "\x7f", "Mozilla/5.0 ÿþ"]],
  ["accept", ["text/html", "text/event-stream", "application/jsonl", ",,,", "é"]],
  ["accept-language", ["x".repeat(9000), "de-DE;q=NaN"]],
  ["cookie", [
    "latchkey_session=%00",
    "latchkey_session=%ff; latchkey_account=%",
    "a".repeat(5000),
    "=;;=",
    "latchkey_session=\x7f",
  ]],
  ["idempotency-key", ["", "x", "é", "x".repeat(256), "same key"]],
  ["authorization", [
    "Bearer",
    "Bearer ",
    "Bearer \xff",
    "Basic OnB3",
    `Bearer ${"a".repeat(5000)}`,
    "Bearer a.b.c",
    "Bearer eyJhbGciOiJub25lIn0.e30.",
    "é",
  ]],
  ["x-api-key", ["é", "x".repeat(300), "lk_live_", "%00"]],
  ["origin", ["null", "https://evil.example", "é"]],
  ["sec-fetch-site", ["cross-site", "é"]],
  ["content-encoding", ["gzip", "br, gzip", "identity"]],
  ["content-length", ["0", "-1", "1e9", "99999999999999999999"]],
  ["if-none-match", ["*", '"', "x".repeat(3000)]],
  ["range", ["bytes=0-", "bytes=-1", "x"]],
  ["trpc-accept", ["application/jsonl"]],
  ["last-event-id", ["0", "é", "-1", "x".repeat(9000), "1.5", "1-1-1"]],
  ["host", ["a b", "", "é"]],
];

/** The request as a broken client, or an attacker, writes it. */
export function damagedRequest(sent: Sent, random: Random): Sent {
  const headers = { ...sent.headers };
  let { method, body, address } = sent;
  switch (random.below(sent.body === null ? 3 : 8)) {
    case 0:
      method = random.pick(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "QUERY", "PROPFIND"]);
      break;
    case 1:
      address = random.pick([
        `${address}/`,
        address.replace("/", "//"),
        `${address}?`,
        `${address}#x`,
        `${address}%00`,
        `${address}${"&a=1".repeat(500)}`,
        address.toUpperCase(),
      ]);
      break;
    case 2: {
      const [name, values] = random.pick(oddHeaders);
      headers[name] = random.pick(values);
      break;
    }
    case 3:
      headers["content-type"] = random.pick(types);
      break;
    case 4:
      delete headers["content-type"];
      break;
    case 5:
      body = body!.slice(0, random.below(body!.length + 1)) as typeof body;
      break;
    default: {
      const bytes = Buffer.from(body as string);
      const at = random.below(bytes.length + 1);
      const inserted = random.pick([
        [0xff],
        [0xc0, 0x80],
        [0xed, 0xa0, 0x80],
        [0xef, 0xbb, 0xbf],
        [0],
        [0xf4, 0x90, 0x80, 0x80],
        [0xe2, 0x82],
        [0x22],
        [0x2c],
        [0x7b],
      ]);
      body = new Uint8Array(
        Buffer.concat([bytes.subarray(0, at), Buffer.from(inserted), bytes.subarray(at)]),
      );
    }
  }
  return { method, address, headers, body };
}

/** The request as text, to repeat it. */
export function describeRequest({ method, address, headers, body }: Sent): string {
  const escaped = (text: string) =>
    JSON.stringify(text).slice(1, -1).replace(
      /[^\x20-\x7e]/g,
      (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
  const shown = (text: string) => text.length > 1500 ? `${text.slice(0, 1500)}… (${text.length})` : text;
  const lines = Object.entries(headers).map(([name, value]) => `    ${name}: ${shown(escaped(value))}`);
  const text = body === null ? "" : typeof body === "string" ? body : Buffer.from(body).toString("latin1");
  return [
    `  ${method} ${shown(escaped(address))}`,
    ...lines,
    ...(body === null ? [] : [`    ${shown(escaped(text))}`]),
  ].join("\n");
}
