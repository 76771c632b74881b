// Texts in encodings other than UTF-8, as spreadsheets write them.
import assert from "node:assert/strict";

/** A text in an encoding of one byte a character. */
export function encode(text: string, encoding: string): Uint8Array<ArrayBuffer> {
  const decoder = new TextDecoder(encoding);
  const byteOf = new Map(
    Array.from({ length: 256 }, (_, byte) => [decoder.decode(Uint8Array.of(byte)), byte]),
  );
  return Uint8Array.from([...text], (character) => byteOf.get(character) ?? assert.fail(character));
}

/** A text in UTF-16, without a mark of its byte order unless the text begins with one. */
export function utf16(text: string, isLittle: boolean): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([...text].flatMap((_, at) => {
    const unit = text.charCodeAt(at);
    return isLittle ? [unit & 255, unit >> 8] : [unit >> 8, unit & 255];
  }));
}
