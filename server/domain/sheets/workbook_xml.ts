// The XML of a workbook (ECMA-376, part 1, chapter 18): plain sheets of text, numbers and truth values.
import type { WrittenCell } from "./cells.ts";

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const relationships = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const packages = "http://schemas.openxmlformats.org/package/2006";
const types = "application/vnd.openxmlformats-officedocument.spreadsheetml";

/** Characters of a cell; Excel calls a workbook with a longer one damaged. */
const MAX_CELL_LENGTH = 32_767;

export const sheetStart = `${declaration}<worksheet xmlns="${main}"><sheetData>`;
export const sheetEnd = "</sheetData></worksheet>";

/** A row of a sheet; rows are numbered from 1. */
export function sheetRow(number: number, cells: WrittenCell[]): string {
  return `<row r="${number}">${
    cells.map((cell, at) => cellOf(columnName(at) + number, cell)).join("")
  }</row>`;
}

/** The parts of a workbook beside its sheets, by their names in the archive. */
export function workbookParts(sheets: number): Record<string, string> {
  const numbers = Array.from({ length: sheets }, (_, at) => at + 1);
  const list = (write: (number: number) => string) => numbers.map(write).join("");
  return {
    "[Content_Types].xml": `${declaration}<Types xmlns="${packages}/content-types">` +
      '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
      '<Default Extension="xml" ContentType="application/xml"/>' +
      `<Override PartName="/xl/workbook.xml" ContentType="${types}.sheet.main+xml"/>` +
      list((n) =>
        `<Override PartName="/xl/worksheets/sheet${n}.xml" ContentType="${types}.worksheet+xml"/>`
      ) +
      `<Override PartName="/xl/styles.xml" ContentType="${types}.styles+xml"/></Types>`,
    "_rels/.rels": `${declaration}<Relationships xmlns="${packages}/relationships">` +
      `<Relationship Id="rId1" Type="${relationships}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    "xl/workbook.xml": `${declaration}<workbook xmlns="${main}" xmlns:r="${relationships}"><sheets>` +
      list((n) => `<sheet name="Latchkey${n === 1 ? "" : ` ${n}`}" sheetId="${n}" r:id="rId${n}"/>`) +
      "</sheets></workbook>",
    "xl/_rels/workbook.xml.rels": `${declaration}<Relationships xmlns="${packages}/relationships">` +
      list((n) =>
        `<Relationship Id="rId${n}" Type="${relationships}/worksheet" Target="worksheets/sheet${n}.xml"/>`
      ) +
      `<Relationship Id="rId${
        sheets + 1
      }" Type="${relationships}/styles" Target="styles.xml"/></Relationships>`,
    // Style 1 is the number format 49, "text": editing a cell in Excel does not turn its text into a formula.
    "xl/styles.xml": `${declaration}<styleSheet xmlns="${main}">` +
      '<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>' +
      '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>' +
      '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>' +
      '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>' +
      '<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>' +
      '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>',
  };
}

function cellOf(reference: string, cell: WrittenCell): string {
  if (cell === null) return "";
  if (typeof cell === "number") return `<c r="${reference}"><v>${cell}</v></c>`;
  if (typeof cell === "boolean") return `<c r="${reference}" t="b"><v>${Number(cell)}</v></c>`;
  return `<c r="${reference}" s="1" t="inlineStr"><is><t xml:space="preserve">${
    escapeText(cell)
  }</t></is></c>`;
}

/**
 * Text as `ST_Xstring` (22.9.2.19): what XML cannot contain is written as `_xHHHH_`, and text that looks like such an
 * escape has its first underscore escaped. A line break in a cell is LF; Google Sheets shows an escaped CR as `_x000D_`.
 */
function escapeText(text: string): string {
  return shorten(text).toWellFormed()
    .replace(/\r\n?/g, "\n")
    .replace(/_(?=x[0-9a-fA-F]{4}_)/g, "_x005F_")
    .replace(
      unrepresentable,
      (character) => `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}_`,
    )
    .replace(/[&<>]/g, (character) => entities[character]);
}

// deno-lint-ignore no-control-regex
const unrepresentable = /[\x00-\x08\x0b-\x1f\ufffe\uffff]/g;

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

function shorten(text: string): string {
  return text.length > MAX_CELL_LENGTH ? `${text.slice(0, MAX_CELL_LENGTH - 1)}…` : text;
}

/** "A", "B", …, "Z", "AA", … */
function columnName(at: number): string {
  return at < 26 ? String.fromCharCode(65 + at) : columnName(Math.floor(at / 26) - 1) + columnName(at % 26);
}
