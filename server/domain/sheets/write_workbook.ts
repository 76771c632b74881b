// Writing XLSX (ECMA-376, part 1) as a stream: the libraries that write workbooks hold all rows in memory and block the
// process while they write. The archive is the work of zip.js; the parts of a workbook with plain sheets are few.
import { lazy } from "../lazy.ts";
import { sheetEnd, sheetRow, sheetStart, workbookParts } from "./workbook_xml.ts";
import type { WrittenCell } from "./cells.ts";

const loadZip = lazy(() => import("@zip.js/zip.js"));

/** Rows of a sheet; Excel reads no more. Further rows go to another sheet. */
const MAX_ROWS = 1_048_576;

/** Rows that are written at once. */
const BATCH_SIZE = 200;

/** Writes rows as a workbook. The first row, the headings, is repeated on every sheet. */
export function writeWorkbook(
  lines: AsyncIterableIterator<WrittenCell[]>,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const { readable, writable } = new TransformStream<Uint8Array<ArrayBuffer>>();
  fill(lines, writable).catch(async (error) => {
    await lines.return?.();
    // A consumer that has left has closed the stream already.
    await writable.abort(error).catch(() => {});
  });
  return readable;
}

async function fill(lines: AsyncIterableIterator<WrittenCell[]>, out: WritableStream): Promise<void> {
  const { configure, TextReader, ZipWriter } = await loadZip();
  // The default, one for each core, counts this thread as well: two readers that stop would hold up every other workbook.
  configure({ maxWorkers: Number.MAX_SAFE_INTEGER });
  const zip = new ZipWriter(out, {
    // Without the fields and signatures that some versions of Excel refuse.
    zip64: false,
    extendedTimestamp: false,
    dataDescriptorSignature: true,
    useWebWorkers: false,
    keepOrder: true,
    level: 6,
  });
  const { value: headings = [] } = await lines.next();
  const source = { next: await lines.next() };
  let sheets = 0;
  do {
    const rows = ReadableStream.from(sheetOf(headings, lines, source)).pipeThrough(new TextEncoderStream());
    await zip.add(`xl/worksheets/sheet${++sheets}.xml`, rows);
  } while (!source.next.done);
  for (const [name, content] of Object.entries(workbookParts(sheets))) {
    await zip.add(name, new TextReader(content));
  }
  await zip.close();
}

/** The XML of a sheet with as many rows as it can hold. `source.next` is the next row that is not written. */
async function* sheetOf(
  headings: WrittenCell[],
  lines: AsyncIterator<WrittenCell[]>,
  source: { next: IteratorResult<WrittenCell[]> },
): AsyncGenerator<string> {
  let text = sheetStart + sheetRow(1, headings);
  for (let number = 2; number <= MAX_ROWS && !source.next.done; number++) {
    text += sheetRow(number, source.next.value);
    source.next = await lines.next();
    if (number % BATCH_SIZE !== 0) continue;
    yield text;
    text = "";
  }
  yield text + sheetEnd;
}
