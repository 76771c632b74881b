// Objects in packed validation data. Most are those of a plan, which many licenses have in common: such a text is kept once in
// the process and packed as its number.
import type { Packing } from "../context.ts";

type Writer = Parameters<Packing<never>["pack"]>[1];
type Reader = Parameters<Packing<never>["unpack"]>[0];

/** Characters of all texts that are kept, so that texts which only one license has cannot fill the memory. */
const MAX_KEPT = 2 * 1024 * 1024;
/** Of a text that is packed with its license; a packed text has at most 255. */
const PART = 255;

const values: object[] = [];
const numbers = new Map<string, number>();
let kept = 0;

/** Packs an object: 0 and its parts where there is no room for it among the shared ones, else its number. */
export function packShared(value: object, writer: Writer): void {
  const text = JSON.stringify(value);
  const number = numbers.get(text) ?? keep(text);
  if (number !== null) return writer.number(number);
  writer.number(0);
  packParts(text, writer);
}

/** Packs an object that no other license has. */
export function packOwn(value: object, writer: Writer): void {
  packParts(JSON.stringify(value), writer);
}

export function unpackOwn<Value extends object>(reader: Reader): Value {
  let text = "";
  for (let left = reader.number(); left > 0; left--) text += reader.text();
  return JSON.parse(text);
}

function packParts(text: string, writer: Writer): void {
  const parts = inLatin(text).match(new RegExp(`[^]{1,${PART}}`, "g"))!;
  writer.number(parts.length);
  for (const part of parts) writer.text(part);
}

export function unpackShared<Value extends object>(reader: Reader): Value {
  const number = reader.number();
  return number > 0 ? values[number - 1] as Value : unpackOwn<Value>(reader);
}

/** The number of a text, from 1; null when there is no room. */
function keep(text: string): number | null {
  if (kept + text.length > MAX_KEPT) return null;
  kept += text.length;
  const number = values.push(Object.freeze(JSON.parse(text)));
  numbers.set(text, number);
  return number;
}

/** A JSON text with the escapes of what is beyond Latin-1. */
function inLatin(text: string): string {
  return text.replace(
    /[^\0-\xff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
