// ZIP files and workbooks as an attacker writes them: with sizes that lie, parts that unfold, or nothing that makes sense.
import { Buffer } from "node:buffer";
import { crc32, deflateRawSync } from "node:zlib";

type Parts = Record<string, string | Uint8Array>;

/** A ZIP file. @param claimed the size that is written for each part, instead of the real one */
export function zip(parts: Parts, claimed?: number): Uint8Array<ArrayBuffer> {
  const local: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, content] of Object.entries(parts)) {
    const raw = Buffer.from(content as string);
    const packed = deflateRawSync(raw, { level: 1 });
    const sizes = Buffer.alloc(12);
    sizes.writeUInt32LE(crc32(raw), 0);
    sizes.writeUInt32LE(packed.length, 4);
    sizes.writeUInt32LE(claimed ?? raw.length, 8);
    const nameLength = Buffer.from([name.length & 255, name.length >> 8]);
    const offset = Buffer.alloc(4);
    offset.writeUInt32LE(at);
    const header = Buffer.from("504b030414000000080000000000", "hex");
    const entry = [header, sizes, nameLength, Buffer.alloc(2), Buffer.from(name), packed];
    local.push(...entry);
    directory.push(
      Buffer.from("504b01021400140000000800", "hex"),
      Buffer.alloc(4),
      sizes,
      nameLength,
      Buffer.alloc(12),
      offset,
      Buffer.from(name),
    );
    at += entry.reduce((sum, { length }) => sum + length, 0);
  }
  const end = Buffer.alloc(22);
  end.write("504b0506", "hex");
  end.writeUInt16LE(Object.keys(parts).length, 8);
  end.writeUInt16LE(Object.keys(parts).length, 10);
  end.writeUInt32LE(directory.reduce((sum, { length }) => sum + length, 0), 12);
  end.writeUInt32LE(at, 16);
  return new Uint8Array(Buffer.concat([...local, ...directory, end]));
}

const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const relationship = (id: string, type: string, target: string) =>
  `<Relationship Id="${id}" Type="${office}/${type}" Target="${target}"/>`;

/** A workbook with a sheet "S". @param rows the XML of its rows */
export function workbook(
  rows: string,
  { parts = {}, afterRows = "", claimed, workbookPr = "" }: {
    parts?: Parts;
    afterRows?: string;
    claimed?: number;
    workbookPr?: string;
  } = {},
): Uint8Array<ArrayBuffer> {
  return zip({
    "[Content_Types].xml": "<Types/>",
    "_rels/.rels": `<Relationships>${relationship("a", "officeDocument", "xl/workbook.xml")}</Relationships>`,
    "xl/workbook.xml": `<workbook xmlns="${main}" xmlns:r="${office}">${workbookPr}` +
      `<sheets><sheet name="S" sheetId="1" r:id="a"/></sheets></workbook>`,
    "xl/_rels/workbook.xml.rels":
      `<Relationships>${relationship("a", "worksheet", "worksheets/sheet1.xml")}` +
      `${relationship("b", "sharedStrings", "sharedStrings.xml")}${
        relationship("c", "styles", "styles.xml")
      }` +
      "</Relationships>",
    "xl/worksheets/sheet1.xml":
      `<worksheet xmlns="${main}"><sheetData>${rows}</sheetData>${afterRows}</worksheet>`,
    ...parts,
  }, claimed);
}

/** The XML of a row of texts. */
export function row(...texts: string[]): string {
  return `<row>${texts.map((text) => `<c t="inlineStr"><is><t>${text}</t></is></c>`).join("")}</row>`;
}
