// The parts of an .xlsx workbook beside its sheets: their names, formats of numbers and shared texts (ECMA-376, part 1).
import { SSF } from "@e965/xlsx";
import { refuseFile } from "./file_problem.ts";
import { attributeOf, parseXml, type XmlHandler } from "./parse_xml.ts";
import { MAX_CELL_LENGTH, MAX_LOADED_SIZE, MAX_PARTS } from "./read_limits.ts";
import type { Archive } from "./unpack.ts";

export interface XlsxSheet {
  name: string;
  hidden: boolean;
  part: string;
}

export interface Xlsx {
  sheets: XlsxSheet[];
  date1904: boolean;
  /** The format of numbers of each style. */
  formats: string[];
  sharedTexts: string[];
}

const MAX_STYLES = 70_000;

/**
 * Reads what the sheets refer to.
 *
 * @throws FileRefusal
 */
export async function readXlsxParts(archive: Archive): Promise<Xlsx> {
  const part = archive.names.find((name) => /(?:^|\/)workbook\.xml$/i.test(name)) ?? refuseFile("damaged");
  const folder = part.slice(0, part.lastIndexOf("/") + 1);
  const targets = await readRelationships(archive, folder, part.slice(folder.length));
  const ofType = (type: string) => [...targets.values()].find((target) => target.type.endsWith(type))?.part;
  const sheets: XlsxSheet[] = [];
  let date1904 = false;
  await parseXml(archive, part, {
    open(name, attributes) {
      if (name === "workbookPr") date1904 = /^(?:1|true)$/.test(attributes.date1904 ?? "");
      if (name !== "sheet") return;
      if (sheets.length === MAX_PARTS) refuseFile("too_complex");
      const target = targets.get(attributeOf(attributes, "id") ?? "");
      if (!target?.type.endsWith("/worksheet") || !archive.names.includes(target.part)) return;
      const hidden = attributes.state === "hidden" || attributes.state === "veryHidden";
      sheets.push({ name: attributes.name ?? "", hidden, part: target.part });
    },
  });
  if (new Set(sheets.map(({ part }) => part)).size < sheets.length) refuseFile("damaged");
  return {
    sheets,
    date1904,
    formats: await readFormats(archive, ofType("/styles")),
    sharedTexts: await readSharedTexts(archive, ofType("/sharedStrings")),
  };
}

async function readRelationships(
  archive: Archive,
  folder: string,
  file: string,
): Promise<Map<string, { type: string; part: string }>> {
  const targets = new Map<string, { type: string; part: string }>();
  await parseXml(archive, `${folder}_rels/${file}.rels`, {
    open(name, { Id, Type, Target }) {
      if (name !== "Relationship" || !Id || !Type || !Target) return;
      if (targets.size === MAX_PARTS) refuseFile("too_complex");
      targets.set(Id, { type: Type, part: resolve(folder, Target) });
    },
  });
  return targets;
}

function resolve(folder: string, target: string): string {
  const path = target.startsWith("/") ? target : `/${folder}${target}`;
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part && part !== ".") parts.push(part);
  }
  return parts.join("/");
}

async function readFormats(archive: Archive, part: string | undefined): Promise<string[]> {
  if (!part || !archive.names.includes(part)) return [];
  const codes = new Map<number, string>();
  const formats: string[] = [];
  const builtIn = SSF.get_table();
  let isWithin = false;
  await parseXml(archive, part, {
    open(name, attributes) {
      if (name === "numFmt") codes.set(Number(attributes.numFmtId), attributes.formatCode ?? "General");
      if (name === "cellXfs") isWithin = true;
      if (name !== "xf" || !isWithin) return;
      const id = Number(attributes.numFmtId ?? 0);
      formats.push(codes.get(id) ?? builtIn[id] ?? "General");
      if (formats.length > MAX_STYLES || codes.size > MAX_STYLES) refuseFile("too_complex");
    },
    close(name) {
      if (name === "cellXfs") isWithin = false;
    },
  });
  return formats;
}

async function readSharedTexts(archive: Archive, part: string | undefined): Promise<string[]> {
  if (!part || !archive.names.includes(part)) return [];
  const texts: string[] = [];
  let size = 0;
  const collector = collectText();
  await parseXml(archive, part, {
    open(name) {
      if (name === "si") collector.reset();
      collector.open!(name, {});
    },
    text: collector.text,
    close(name) {
      collector.close!(name);
      if (name !== "si") return;
      texts.push(collector.value());
      // An empty string takes place as well.
      size += collector.value().length + 8;
      if (size > MAX_LOADED_SIZE) {
        refuseFile("too_large_unpacked", { maximum: MAX_LOADED_SIZE / 1024 / 1024 });
      }
    },
  });
  return texts;
}

/** Collects the runs of a formatted text (`t` in `si` or `is`), without those that say how it is pronounced (`rPh`). */
export function collectText(): XmlHandler & { reset(): void; value(): string } {
  let text = "";
  let isText = false;
  let isPhonetic = false;
  return {
    reset() {
      text = "";
    },
    value: () => unescape(text),
    open(name) {
      if (name === "rPh") isPhonetic = true;
      if (name === "t") isText = !isPhonetic;
    },
    text(piece) {
      if (isText) text += piece;
      if (text.length > 8 * MAX_CELL_LENGTH) refuseFile("cell_too_long", { maximum: MAX_CELL_LENGTH });
    },
    close(name) {
      if (name === "rPh") isPhonetic = false;
      if (name === "t") isText = false;
    },
  };
}

/** `_x000D_` is a character that XML cannot have (ECMA-376, part 1, 22.4.2.4). */
export function unescape(text: string): string {
  if (!text.includes("_x")) return text;
  return text.replace(/_x([0-9a-f]{4})_/gi, (_, code) => String.fromCharCode(parseInt(code, 16)));
}
