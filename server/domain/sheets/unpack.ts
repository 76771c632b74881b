// Unpacks the parts of a workbook that is a ZIP file. Sizes in a ZIP file are claims: what is unpacked is counted.
import { type Entry, type FileEntry, Uint8ArrayReader, ZipReader } from "@zip.js/zip.js";
import { FileRefusal, refuseFile } from "./file_problem.ts";
import { MAX_LOADED_SIZE, MAX_PARTS, MAX_UNPACKED_SIZE } from "./read_limits.ts";
import { isBomb } from "./zip_directory.ts";

/** The parts of a workbook that can hold cells or say something about them. */
export interface Archive {
  names: string[];
  /**
   * Unpacks a part, chunk by chunk.
   *
   * @throws FileRefusal `too_large_unpacked` for all parts together, `damaged`
   */
  stream(name: string, onChunk: (chunk: Uint8Array) => void): Promise<void>;
  /**
   * Unpacks a part into memory.
   *
   * @throws FileRefusal `too_large_unpacked` for all parts loaded, `damaged`
   */
  load(name: string): Promise<Uint8Array<ArrayBuffer>>;
}

const usefulPart = /\.(?:xml|rels|bin)$|^mimetype$/i;
const uselessPart = /vbaProject|printerSettings/;

/**
 * Opens a ZIP file.
 *
 * @throws FileRefusal `encrypted`, `too_complex`, `damaged`
 */
export async function openArchive(bytes: Uint8Array<ArrayBuffer>): Promise<Archive> {
  const reader = new ZipReader(new Uint8ArrayReader(bytes), { useWebWorkers: false });
  const entries = new Map<string, FileEntry>();
  for (const entry of await reader.getEntries().catch((): Entry[] => refuseFile("damaged"))) {
    if (entries.size === MAX_PARTS) refuseFile("too_complex");
    if (entry.encrypted) refuseFile("encrypted");
    if (entry.directory || !usefulPart.test(entry.filename) || uselessPart.test(entry.filename)) continue;
    entries.set(entry.filename, entry);
  }
  let unpacked = 0;
  let loaded = 0;

  async function stream(name: string, onChunk: (chunk: Uint8Array) => void): Promise<void> {
    const entry = entries.get(name) ?? refuseFile("damaged");
    let size = 0;
    const out = new WritableStream<Uint8Array>({
      write(chunk) {
        size += chunk.length;
        unpacked += chunk.length;
        // zip.js compares the sizes at the end.
        if (size > entry.uncompressedSize) refuseFile("damaged");
        if (isBomb(unpacked, bytes.length)) refuseFile("too_large_unpacked");
        if (unpacked > MAX_UNPACKED_SIZE) refuseSize(MAX_UNPACKED_SIZE);
        onChunk(chunk);
      },
    });
    try {
      await entry.getData(out, { useWebWorkers: false, checkSignature: false });
    } catch (error) {
      throw error instanceof FileRefusal ? error : new FileRefusal("damaged");
    }
  }

  async function load(name: string): Promise<Uint8Array<ArrayBuffer>> {
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    await stream(name, (chunk) => {
      loaded += chunk.length;
      if (loaded > MAX_LOADED_SIZE) refuseSize(MAX_LOADED_SIZE);
      chunks.push(new Uint8Array(chunk));
    });
    return await new Blob(chunks).bytes();
  }

  return { names: [...entries.keys()], stream, load };
}

function refuseSize(maximum: number): never {
  refuseFile("too_large_unpacked", { maximum: maximum / 1024 / 1024 });
}
