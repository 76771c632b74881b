// Unpacks the parts of a workbook that is a ZIP file. Sizes in a ZIP file are claims: what is unpacked is counted.
import { Buffer } from "node:buffer";
import type { Readable } from "node:stream";
import { type Entry, fromBuffer, type ZipFile } from "yauzl";
import { FileRefusal, refuseFile } from "./file_problem.ts";
import { MAX_PARTS, MAX_UNPACKED_SIZE } from "./read_limits.ts";

export type Parts = Map<string, Uint8Array>;

/** Parts that hold no cells, such as pictures, are not unpacked. */
const usefulPart = /\.(?:xml|rels|bin)$|^mimetype$/i;
const uselessPart = /vbaProject|printerSettings/;

/**
 * Unpacks a ZIP file.
 *
 * @throws FileRefusal `encrypted`, `too_large_unpacked`, `too_complex`, and `damaged` for whatever the library refuses
 */
export async function unpack(bytes: Uint8Array): Promise<Parts> {
  const zip = await open(bytes).catch(() => refuseFile("damaged"));
  const parts: Parts = new Map();
  let count = 0;
  let total = 0;
  const read = async (entry: Entry) => {
    if (++count > MAX_PARTS) refuseFile("too_complex");
    if (entry.isEncrypted()) refuseFile("encrypted");
    if (!usefulPart.test(entry.fileName) || uselessPart.test(entry.fileName)) return;
    if (entry.uncompressedSize > MAX_UNPACKED_SIZE) refuseSize();
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    for await (const chunk of await openPart(zip, entry)) {
      total += chunk.length;
      if (total > MAX_UNPACKED_SIZE) refuseSize();
      chunks.push(chunk);
    }
    parts.set(entry.fileName, await new Blob(chunks).bytes());
  };
  return await new Promise<Parts>((resolve, reject) => {
    const fail = (error: unknown) =>
      reject(error instanceof FileRefusal ? error : new FileRefusal("damaged"));
    zip.on("entry", (entry: Entry) => void read(entry).then(() => zip.readEntry(), fail));
    zip.on("end", () => resolve(parts));
    zip.on("error", fail);
    zip.readEntry();
  });
}

function open(bytes: Uint8Array): Promise<ZipFile> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return new Promise((resolve, reject) =>
    fromBuffer(
      buffer,
      { lazyEntries: true, validateEntrySize: false },
      (error, zip) => error ? reject(error) : resolve(zip!),
    )
  );
}

function openPart(zip: ZipFile, entry: Entry): Promise<Readable> {
  return new Promise((resolve, reject) =>
    zip.openReadStream(entry, (error, stream) => error ? reject(error) : resolve(stream as Readable))
  );
}

function refuseSize(): never {
  refuseFile("too_large_unpacked", { maximum: MAX_UNPACKED_SIZE / 1024 / 1024 });
}
