// The directory at the end of a ZIP file (APPNOTE.TXT, sections 4.3.12 and 4.3.16), read without unpacking anything. It takes
// microseconds, so that most damaged and bomb-like workbooks are refused before a thread is started for them.
import { refuseFile } from "./file_problem.ts";
import { MAX_EXPANSION, MAX_LOADED_SIZE, MAX_PARTS } from "./read_limits.ts";

const END_SIGNATURE = 0x06054b50;
const END_SIZE = 22;
/** A comment may follow the end; bytes. */
const MAX_COMMENT = 0xffff;
const ENTRY_SIGNATURE = 0x02014b50;
const ENTRY_SIZE = 46;
/** The most that deflate shrinks, which takes 258 bytes for two bits at best. */
const MAX_DEFLATE_RATIO = 1032;
/** A number that is in a field for larger ones (ZIP64). */
const ELSEWHERE = 0xffffffff;

/**
 * Checks what the directory claims: the sizes after unpacking are checked again while the file is read.
 *
 * @throws FileRefusal `damaged` without a directory or with impossible sizes, `too_complex` for too many parts,
 *   `too_large_unpacked`
 */
export function checkZipDirectory(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(view);
  if (end === -1) refuseFile("damaged");
  const directorySize = view.getUint32(end + 12, true);
  // The directory of a ZIP64 file is described elsewhere; the thread that reads the file finds it.
  if (directorySize === ELSEWHERE || view.getUint16(end + 10, true) === 0xffff) return;
  if (view.getUint16(end + 10, true) > MAX_PARTS) refuseFile("too_complex");
  let unpacked = 0;
  let parts = 0;
  for (let at = end - directorySize; at + ENTRY_SIZE <= end;) {
    if (at < 0 || view.getUint32(at, true) !== ENTRY_SIGNATURE) refuseFile("damaged");
    if (++parts > MAX_PARTS) refuseFile("too_complex");
    const packedSize = view.getUint32(at + 20, true);
    const size = view.getUint32(at + 24, true);
    if (size !== ELSEWHERE && packedSize !== ELSEWHERE) {
      if (size > packedSize * MAX_DEFLATE_RATIO) refuseFile("damaged");
      unpacked += size;
    }
    at += ENTRY_SIZE + view.getUint16(at + 28, true) + view.getUint16(at + 30, true) +
      view.getUint16(at + 32, true);
  }
  if (isBomb(unpacked, bytes.length)) refuseFile("too_large_unpacked");
}

/** Text in XML shrinks to a tenth or a thirtieth; what shrinks to less was made to unfold. */
export function isBomb(unpacked: number, packed: number): boolean {
  return unpacked > MAX_LOADED_SIZE && unpacked > MAX_EXPANSION * packed;
}

function findEnd(view: DataView): number {
  const first = Math.max(0, view.byteLength - END_SIZE - MAX_COMMENT);
  for (let at = view.byteLength - END_SIZE; at >= first; at--) {
    if (view.getUint32(at, true) === END_SIGNATURE) return at;
  }
  return -1;
}
