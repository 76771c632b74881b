// Reads an XML part of a workbook as a stream. Entities of a document's own are not expanded: saxes refuses them.
import { SaxesParser } from "saxes";
import { FileRefusal, refuseFile } from "./file_problem.ts";
import { MAX_CELL_LENGTH } from "./read_limits.ts";
import type { Archive } from "./unpack.ts";

/** Names are without their prefixes. */
export interface XmlHandler {
  open?(name: string, attributes: Record<string, string>): void;
  text?(text: string): void;
  close?(name: string): void;
}

/** Elements within each other; workbooks have about ten. */
const MAX_DEPTH = 100;

/**
 * Parses a part.
 *
 * @throws FileRefusal
 */
export async function parseXml(archive: Archive, part: string, handler: XmlHandler): Promise<void> {
  const parser = new SaxesParser({ xmlns: false, fragment: false });
  let depth = 0;
  parser.on("error", () => refuseFile("damaged"));
  parser.on("opentag", ({ name, attributes }) => {
    if (++depth > MAX_DEPTH) refuseFile("too_complex");
    handler.open?.(localName(name), attributes as Record<string, string>);
  });
  if (handler.text) {
    parser.on("text", (text) => handler.text!(text));
    parser.on("cdata", (text) => handler.text!(text));
  }
  parser.on("closetag", ({ name }) => {
    depth--;
    handler.close?.(localName(name));
  });
  let decoder: TextDecoder | null = null;
  let size = 0;
  let lastTag = 0;
  try {
    await archive.stream(part, (chunk) => {
      decoder ??= new TextDecoder(chunk[0] === 0xff ? "utf-16le" : chunk[0] === 0xfe ? "utf-16be" : "utf-8", {
        fatal: true,
      });
      const text = decoder.decode(chunk, { stream: true });
      size += text.length;
      // The parser collects a text or a tag until it ends.
      if (text.includes("<") && text.includes(">")) lastTag = size;
      if (size - lastTag > 8 * MAX_CELL_LENGTH) refuseFile("cell_too_long", { maximum: MAX_CELL_LENGTH });
      parser.write(text);
    });
    parser.close();
  } catch (error) {
    throw error instanceof FileRefusal ? error : new FileRefusal("damaged");
  }
}

export function localName(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}

/** An attribute whatever its prefix is. */
export function attributeOf(attributes: Record<string, string>, name: string): string | undefined {
  return attributes[name] ??
    Object.entries(attributes).find(([found]) => localName(found) === name)?.[1];
}
