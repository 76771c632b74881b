// Status lists (IETF draft-ietf-oauth-status-list): a bit for each license file, set while the file is revoked.
import { type Bytes, decodeBytes } from "./encoding.ts";
import { InvalidTextError } from "./errors.ts";
import { type PublicKey, verifyJws, type VerifySignature } from "./jws.ts";

/** A verified list. Times are seconds since 1970. */
export interface StatusList {
  /** Its address, by which files name it. */
  uri: string;
  issuedAt: number;
  expiresAt: number;
  /** Seconds after which there may be a newer one. */
  ttl: number;
  bits: Bytes;
}

/** A list is not larger when it is decompressed; bytes. */
const MAX_SIZE = 16_384;
/** A longer text is no list; bytes. */
const MAX_LENGTH = 65_536;

/** Reads a list. @throws InvalidTextError */
export async function readStatusList(
  jws: string,
  keys: readonly PublicKey[],
  verify?: VerifySignature,
): Promise<StatusList> {
  if (jws.length > MAX_LENGTH) throw new InvalidTextError("The status list is too long.");
  const { sub, iat, exp, ttl, status_list: list } = await verifyJws(
    jws.trim(),
    "statuslist+jwt",
    keys,
    verify,
  );
  const { bits, lst } = (list ?? {}) as Record<string, unknown>;
  if (typeof sub !== "string" || typeof iat !== "number" || typeof exp !== "number") {
    throw new InvalidTextError("The status list has not all claims.");
  }
  if (bits !== 1 || typeof lst !== "string") {
    throw new InvalidTextError("The status list has not one bit for each file.");
  }
  const isNumber = typeof ttl === "number";
  return {
    uri: sub,
    issuedAt: iat,
    expiresAt: exp,
    ttl: isNumber ? ttl : 0,
    bits: await inflate(decodeBytes(lst)),
  };
}

/** Whether the place of a file is set. A place beyond the list is not. */
export function isSet({ bits }: StatusList, index: number): boolean {
  const byte = Math.floor(index / 8);
  return byte < bits.length && (bits[byte] >> index % 8 & 1) === 1;
}

async function inflate(compressed: Bytes): Promise<Bytes> {
  const stream = new Blob([compressed]).stream().pipeThrough(new DecompressionStream("deflate"));
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = stream.getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      size += read.value.length;
      if (size > MAX_SIZE) throw new InvalidTextError("The status list is too large.");
      chunks.push(read.value);
    }
  } catch (error) {
    void reader.cancel().catch(() => {});
    if (error instanceof InvalidTextError) throw error;
    throw new InvalidTextError("The status list is not compressed right.");
  }
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}
