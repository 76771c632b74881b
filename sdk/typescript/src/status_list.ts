// Status lists (IETF draft-ietf-oauth-status-list): a bit for each license file, set while the file is revoked.
import { type Bytes, decodeBytes } from "./encoding.ts";
import { InvalidTextError } from "./errors.ts";
import { type Check, objectOf, requireClaims, text, time, whole } from "./file_claims.ts";
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

/** Reads a list. @throws InvalidTextError */
export async function readStatusList(
  jws: string,
  keys: readonly PublicKey[],
  verify?: VerifySignature,
): Promise<StatusList> {
  const claims = await verifyJws(jws.trim(), "statuslist+jwt", keys, verify);
  requireClaims(claims, checks);
  const { sub, iat, exp, ttl, status_list: { lst } } = claims as unknown as ListClaims;
  return { uri: sub, issuedAt: iat, expiresAt: exp, ttl, bits: await inflate(decodeBytes(lst)) };
}

interface ListClaims {
  sub: string;
  iat: number;
  exp: number;
  ttl: number;
  status_list: { bits: 1; lst: string };
}

const checks: Record<string, Check> = {
  sub: text,
  iat: time,
  exp: time,
  ttl: whole,
  status_list: objectOf({ bits: (value) => value === 1, lst: text }),
};

/** Whether the index of a file is set. One beyond the list is not. */
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
      if (size > MAX_SIZE) throw new InvalidTextError("malformed", "The status list is too large.");
      chunks.push(read.value);
    }
  } catch (error) {
    void reader.cancel().catch(() => {});
    if (error instanceof InvalidTextError) throw error;
    throw new InvalidTextError("malformed", "The status list is not compressed right.");
  }
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  // Some implementations do not notice that the end is missing.
  const end = compressed.slice(-4);
  if (end.length < 4 || new DataView(end.buffer).getUint32(0) !== adler32(bytes)) {
    throw new InvalidTextError("malformed", "The status list is not compressed right.");
  }
  return bytes;
}

/** The checksum of zlib (RFC 1950). */
function adler32(bytes: Uint8Array): number {
  let [low, high] = [1, 0];
  for (const byte of bytes) {
    low = (low + byte) % 65_521;
    high = (high + low) % 65_521;
  }
  return high * 65_536 + low;
}
