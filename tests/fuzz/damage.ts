// Damage to valid-looking input: values of other types and ranges, characters that break parsers, names of built-in
// properties.
import { Buffer } from "node:buffer";
import type { Random } from "./random.ts";

/** JSON as it is written, for numbers that JavaScript writes differently: "1.0", "1e400". */
export class RawJson {
  constructor(readonly text: string) {}
}

const characters = [
  "\0",
  "\ud800",
  "\udfff",
  "\ufffd",
  "\ufeff",
  "\u202e",
  "\u200b",
  "\u00ad",
  "\x07",
  "\x1b[31m",
  "\r\n",
  "\n",
  "\t",
  "\x7f",
  "\x85",
  "\u2028",
  "ﬁ",
  "Ａ",
  "İ",
  "ß",
  "💥",
  "👩‍👩‍👧",
  "%00",
  "%ff",
  "\\u0000",
  "\\",
  "'",
  '"',
  "<script>",
  "${7*7}",
  "{{7*7}}",
];

const numbers = [
  "1.5",
  "-0",
  "-1",
  "0",
  "1e308",
  "1e400",
  "-1e400",
  "1E3",
  "1.0",
  "9007199254740991",
  "9007199254740993",
  "2147483647",
  "2147483648",
  "9223372036854775807",
  "9223372036854775808",
  "1e-400",
  "0.1",
  "123456789012345678901234567890",
];

const texts = [
  ...[
    "",
    " ",
    "NaN",
    "Infinity",
    "-Infinity",
    "null",
    "undefined",
    "true",
    "0x10",
    "1_000",
    "０１２",
    "١٢",
    "-0",
    "+1",
    "01",
    " 1 ",
    "1e3",
    "1.5",
    "act_0",
    "act_99999999999999999999",
  ],
  ...[
    "0000-01-01",
    "0001-01-01",
    "10000-01-01",
    "9999-12-31",
    "9999-12-31T23:59:60Z",
    "+275760-09-13",
    "+275760-09-13T00:00:00Z",
    "-000001-01-01",
    "2026-02-30",
    "2026-13-01",
    "infinity",
    "-infinity",
    "now",
    "epoch",
    "294277-01-01",
    "4714-11-24 BC",
    "2026-01-31T24:00:00Z",
    "2026-01-31T10:00:00+99:99",
  ],
  ...["P9999Y", "P0D", "P1M1D", "-P1M", "PT1S"],
  ...["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf"],
  ...[
    "' or 1=1; drop table licenses; --",
    "../../etc/passwd",
    "ftp://example.com/x",
    "javascript:alert(1)",
    "http://[::1]:1/",
    "http://user:pw@example.com/",
    "=1+1",
    "@example.com",
    "a@",
    "a@b..c",
    '"a b"@example.com',
    "ü@ü.example",
    "1.2.3.4.5",
    "v1",
    "1.0.0-alpha..1",
    "99999999999999999999.0.0",
  ],
  ...[
    "\0",
    "\ud800",
    "\udc00\ud800",
    "\ufffd",
    "\u202eevil",
    "\u200b",
    "Ａ".repeat(16),
    "💥".repeat(100),
    "x".repeat(256),
    "x".repeat(3000),
    "%",
    "%%%",
    "\\",
  ],
];

const cursors: unknown[] = [
  ["-id", "x", 1],
  ["id", "1", 1.5],
  ["id", "\0", 1],
  ["id", "1", 1e300],
  ["id", 1, 1],
  ["id", null, null],
  [],
  {},
  null,
  "x",
  ["name", "a".repeat(600), 1],
  ["-id", "9223372036854775808", 1],
  ["-createdAt", "infinity", 1],
  ["id", "", 9007199254740991],
  ["id", { toString: 1 }, "1"],
];

function deep(levels: number): unknown {
  return levels === 0 ? 1 : levels % 2 ? [deep(levels - 1)] : { a: deep(levels - 1) };
}

/** Any value at all. */
export function anyValue(random: Random): unknown {
  switch (random.below(12)) {
    case 0:
      return random.pick([null, true, false, [], {}, [null], [[]], [{}]]);
    case 1:
    case 2:
      return new RawJson(random.pick(numbers));
    case 3:
      return random.pick<unknown>([
        { toString: "x" },
        { toString: null, valueOf: 1 },
        { length: -1 },
        { length: { toString: null } },
        { $ne: null },
        JSON.parse('{"__proto__": {"a": 1}}'),
        { constructor: { prototype: 1 } },
        { toJSON: 1 },
      ]);
    case 4:
      return random.chance(0.9) ? deep(random.pick([2, 5, 20, 31])) : deep(random.pick([33, 70, 3000]));
    case 5:
      return [random.pick(texts), random.pick(texts)];
    case 6:
      return random.chance(0.04)
        ? random.pick(["x", "\0", "💥", "é"]).repeat(500_000)
        : "x".repeat(random.pick([64, 255, 256, 1001, 9000]));
    case 7:
      return Buffer.from(JSON.stringify(random.pick(cursors))).toString("base64url");
    default:
      return random.pick(texts);
  }
}

/** The text with one of the characters somewhere in it, or otherwise changed. */
export function damagedText(text: string, random: Random): string {
  const at = random.below(text.length + 1);
  switch (random.below(8)) {
    case 0:
      return text.slice(0, at);
    case 1:
      return text.toUpperCase().normalize("NFD");
    case 2:
      return text.replace(/[!-~]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0));
    case 3:
      return text.repeat(random.pick([2, 20]));
    default:
      return text.slice(0, at) + random.pick(characters) + text.slice(at);
  }
}

/** A cursor with other content. */
function damagedCursor(cursor: string, random: Random): string {
  try {
    const content = JSON.parse(Buffer.from(cursor, "base64url").toString());
    const at = random.below(content.length);
    content[at] = random.chance(0.5)
      ? damagedText(writeText(content[at]), random)
      : random.pick([1.5, -1, null, "", "0000-01-01", 2 ** 60, {}, "infinity"]);
    return Buffer.from(JSON.stringify(content)).toString("base64url");
  } catch {
    return damagedText(cursor, random);
  }
}

/** The input with one change somewhere in it. */
export function damaged(value: unknown, random: Random): unknown {
  if (Array.isArray(value) && value.length > 0 && random.chance(0.8)) {
    const at = random.below(value.length);
    return value.map((inner, index) => index === at ? damaged(inner, random) : inner);
  }
  if (typeof value === "object" && value !== null && !(value instanceof RawJson)) {
    const names = Object.keys(value);
    if (random.chance(0.08)) {
      const name = random.pick([
        "__proto__",
        "constructor",
        "toString",
        "surprise",
        "\0",
        "\ud800",
        "id",
        "",
      ]);
      return { ...value, [name]: anyValue(random) };
    }
    if (names.length > 0 && random.chance(0.95)) {
      const name = random.pick(names);
      const { [name]: inner, ...others } = value as Record<string, unknown>;
      if (random.chance(0.05)) return others;
      return {
        ...value,
        [name]: /cursor|lastEventId/.test(name) && random.chance(0.7)
          ? damagedCursor(writeText(inner), random)
          : damaged(inner, random),
      };
    }
  }
  return typeof value === "string" && random.chance(0.5) ? damagedText(value, random) : anyValue(random);
}

/** Writes JSON, with `RawJson` as it is. */
export function writeJson(value: unknown): string {
  const raw: string[] = [];
  const text = JSON.stringify(value, (_name, inner) => {
    if (!(inner instanceof RawJson)) return inner;
    raw.push(inner.text);
    return `@raw ${raw.length - 1}@`;
  }) ?? "";
  return raw.length === 0 ? text : text.replace(/"@raw (\d+)@"/g, (_, index) => raw[Number(index)]);
}

/** The text of a value in a query or a form. */
export function writeText(value: unknown): string {
  if (value instanceof RawJson) return value.text;
  if (Array.isArray(value)) return value.map(writeText).join(",");
  return typeof value === "object" && value !== null ? writeJson(value) : String(value);
}
