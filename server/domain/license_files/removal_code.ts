// The code by which an app without a network gives its activation back, short enough to be read over the telephone: the
// activation, the number of its file, and a proof that the app had this file.
import { createHmac, timingSafeEqual } from "node:crypto";
import { readDigits, readNumber, writeNumber } from "../base32.ts";
import { cleanKey, MAX_PASTED_LENGTH } from "../licenses/pasted_key.ts";
import type { RemovableFile } from "./removal_key.ts";

/** Characters of the number of the file: 40 bits, of which the years until 9999 need 38. */
const SEQ_LENGTH = 8;
const PROOF_BYTES = 16;
/** 128 bits and two more, which are 0. */
const PROOF_LENGTH = 26;
/** The longest activation has 53 bits. */
const form = /^([0-9A-Z]{1,11})([0-9A-Z]{8})([0-9A-Z]{26})$/;

export interface RemovalCode extends RemovableFile {
  proof: Uint8Array;
}

/** What a code says; null when it is none. Written as keys may be: case, dashes, blanks and quotes do not matter. */
export function readRemovalCode(text: string): RemovalCode | null {
  if (text.length > MAX_PASTED_LENGTH || !text.isWellFormed()) return null;
  const parts = form.exec(readDigits(cleanKey(text).replace(/[ -]/g, "").toUpperCase()));
  const [activationId, seq, proof] = parts?.slice(1).map(readNumber) ?? [];
  if (activationId == null || seq == null || proof == null || (proof & 3n) !== 0n) return null;
  if (activationId > Number.MAX_SAFE_INTEGER) return null;
  return { activationId: Number(activationId), seq: Number(seq), proof: bytesOf(proof >> 2n) };
}

/** Whether a code was made with the secret of its file. */
export function isProven({ proof, ...file }: RemovalCode, secret: string): boolean {
  return timingSafeEqual(proof, proofOf(file, secret));
}

/** The code of a file, as an app makes it. */
export function writeRemovalCode(file: RemovableFile, secret: string): string {
  const activation = file.activationId.toString(32).length;
  const proof = proofOf(file, secret).reduce((value, byte) => value << 8n | BigInt(byte), 0n);
  const code = writeNumber(BigInt(file.activationId), activation) +
    writeNumber(BigInt(file.seq), SEQ_LENGTH) +
    writeNumber(proof << 2n, PROOF_LENGTH);
  return code.replace(/.{5}(?=.)/g, "$&-");
}

function proofOf({ activationId, seq }: RemovableFile, secret: string): Uint8Array {
  const key = Uint8Array.fromBase64(secret, { alphabet: "base64url" });
  return createHmac("sha256", key).update(`removal\n${activationId}\n${seq}`).digest().subarray(
    0,
    PROOF_BYTES,
  );
}

function bytesOf(value: bigint): Uint8Array {
  return Uint8Array.from(
    { length: PROOF_BYTES },
    (_, index) => Number(value >> BigInt(8 * (PROOF_BYTES - 1 - index)) & 255n),
  );
}
