// Many small values in few bytes: records in blocks of memory, found by a hash of their key. No object lives as long as a
// record, so that a million of them cost the garbage collector nothing.
import type { PackedKey } from "../domain/context.ts";
import { NotPackable, type PackedReader, type PackedWriter } from "./packed_bytes.ts";

/** Where a record is, and what of it is not its value. */
export interface PackedRecord {
  /** From `put`. */
  version: number;
  tag: number;
  /** The number of the value that can be replaced. */
  number: number;
}

/** Bytes of a block. Blocks are made when they are needed, and used again in turn. */
const BLOCK = 1024 * 1024;
/** Bytes of a record before its key: size, flags, the sizes of the key's parts, tag, version, number. */
const SIZE = 0, FLAGS = 2, FIRST = 3, SECOND = 4, TAG = 5, VERSION = 9, NUMBER = 17, HEAD = 25;
/** The record is in the index; it was asked for since its block was last used again. */
const LIVE = 1, ASKED = 2;
/** Bytes of most records, or fewer; the index has two slots for each of that size. */
const LIKELY = 80;
/** The part of a block that records which were asked for may keep when it is used again. */
const KEPT = BLOCK / 2;

/**
 * A store.
 *
 * @param maxBytes of the records; the index takes up to a tenth more
 */
export class PackedStore {
  readonly #blocks: Uint8Array<ArrayBuffer>[] = [];
  readonly #views: DataView[] = [];
  readonly #maxBlocks: number;
  /** Where each block ends. */
  readonly #ends: number[] = [];
  #current = -1;
  /**
   * Positions of records, plus one; 0 is empty. Linear probing, at most half full. It has its whole size from the start:
   * growing a large one would stop the process for a tenth of a second. Only the pages in use take memory.
   */
  readonly #index: Int32Array;
  #size = 0;
  /** Unknown outside, so that no one can choose keys with equal hashes. */
  readonly #seed = crypto.getRandomValues(new Int32Array(1))[0];

  constructor(maxBytes: number) {
    this.#maxBlocks = Math.max(2, Math.floor(maxBytes / BLOCK));
    this.#index = new Int32Array(2 ** Math.ceil(Math.log2(2 * this.#maxBlocks * BLOCK / LIKELY)));
  }

  get size(): number {
    return this.#size;
  }

  /** Finds a record and reads what is not its value. Returns its position, or -1. */
  find(key: PackedKey, record: PackedRecord): number {
    const slot = this.#slotOf(key);
    const position = this.#index[slot] - 1;
    if (position < 0) return -1;
    const [block, at] = [position >>> 20, position & (BLOCK - 1)];
    const view = this.#views[block];
    record.version = view.getFloat64(at + VERSION);
    record.tag = view.getUint32(at + TAG);
    record.number = view.getFloat64(at + NUMBER);
    this.#blocks[block][at + FLAGS] |= ASKED;
    return position;
  }

  /** Directs a reader to the value of a record. */
  read(position: number, reader: PackedReader): void {
    const at = position & (BLOCK - 1);
    reader.bytes = this.#blocks[position >>> 20];
    reader.at = at + HEAD + reader.bytes[at + FIRST] + reader.bytes[at + SECOND];
  }

  setNumber(key: PackedKey, number: number): void {
    const position = this.#index[this.#slotOf(key)] - 1;
    if (position >= 0) this.#views[position >>> 20].setFloat64((position & (BLOCK - 1)) + NUMBER, number);
  }

  /**
   * Stores a value in place of the one under the same key.
   *
   * @throws NotPackable
   */
  put(key: PackedKey, { version, tag, number }: PackedRecord, value: PackedWriter): void {
    const [first, second] = key;
    if (!isLatin(first) || !isLatin(second)) throw new NotPackable();
    const size = HEAD + first.length + second.length + value.size;
    const position = this.#reserve(size);
    const [bytes, view, at] = [
      this.#blocks[position >>> 20],
      this.#views[position >>> 20],
      position & (BLOCK - 1),
    ];
    view.setUint16(at + SIZE, size);
    bytes[at + FLAGS] = LIVE;
    bytes[at + FIRST] = first.length;
    bytes[at + SECOND] = second.length;
    view.setFloat64(at + VERSION, version);
    view.setUint32(at + TAG, tag);
    view.setFloat64(at + NUMBER, number);
    writeText(bytes, at + HEAD, first);
    writeText(bytes, at + HEAD + first.length, second);
    bytes.set(value.bytes.subarray(0, value.size), at + HEAD + first.length + second.length);
    const slot = this.#slotOf(key);
    const known = this.#index[slot] - 1;
    if (known >= 0) this.#blocks[known >>> 20][(known & (BLOCK - 1)) + FLAGS] = 0;
    else this.#size++;
    this.#index[slot] = position + 1;
  }

  /** The slot of a key, or the empty one where it would be. */
  #slotOf([first, second]: PackedKey): number {
    const mask = this.#index.length - 1;
    let slot = hashText(hashText(this.#seed, first), second) & mask;
    for (; this.#index[slot] !== 0; slot = (slot + 1) & mask) {
      const position = this.#index[slot] - 1;
      const bytes = this.#blocks[position >>> 20];
      const at = position & (BLOCK - 1);
      if (
        bytes[at + FIRST] === first.length && bytes[at + SECOND] === second.length &&
        hasText(bytes, at + HEAD, first) && hasText(bytes, at + HEAD + first.length, second)
      ) break;
    }
    return slot;
  }

  /** Room for a record. */
  #reserve(size: number): number {
    if (this.#current < 0 || this.#ends[this.#current] + size > BLOCK) this.#nextBlock();
    const at = this.#ends[this.#current];
    this.#ends[this.#current] += size;
    return this.#current * BLOCK + at;
  }

  #nextBlock(): void {
    const hasRoom = this.#blocks.length < this.#maxBlocks && 2 * this.#size < this.#index.length;
    if (this.#blocks.length === 0 || hasRoom) {
      const block = new Uint8Array(BLOCK);
      this.#current = this.#blocks.push(block) - 1;
      this.#views.push(new DataView(block.buffer));
      this.#ends.push(0);
      return;
    }
    this.#current = (this.#current + 1) % this.#blocks.length;
    this.#ends[this.#current] = this.#sweep(this.#current);
  }

  /** Keeps the records of a block that were asked for, as far as there is room for them, and removes the others. */
  #sweep(block: number): number {
    const [bytes, view, end] = [this.#blocks[block], this.#views[block], this.#ends[block]];
    let kept = 0;
    for (let at = 0; at < end;) {
      const size = view.getUint16(at + SIZE);
      const flags = bytes[at + FLAGS];
      const next = at + size;
      if (flags & LIVE) {
        const slot = this.#slotAt(block * BLOCK + at);
        if (flags & ASKED && kept + size <= KEPT) {
          bytes[at + FLAGS] = LIVE;
          bytes.copyWithin(kept, at, next);
          this.#index[slot] = block * BLOCK + kept + 1;
          kept += size;
        } else {
          this.#remove(slot);
        }
      }
      at = next;
    }
    return kept;
  }

  /** The slot that holds a position. */
  #slotAt(position: number): number {
    const mask = this.#index.length - 1;
    let slot = this.#hashAt(position) & mask;
    while (this.#index[slot] !== position + 1) slot = (slot + 1) & mask;
    return slot;
  }

  /** Empties a slot and moves those after it up, so that probing never crosses a gap. */
  #remove(slot: number): void {
    const mask = this.#index.length - 1;
    this.#size--;
    let gap = slot;
    for (let next = (gap + 1) & mask; this.#index[next] !== 0; next = (next + 1) & mask) {
      const home = this.#hashAt(this.#index[next] - 1) & mask;
      if (((next - home) & mask) < ((next - gap) & mask)) continue;
      this.#index[gap] = this.#index[next];
      gap = next;
    }
    this.#index[gap] = 0;
  }

  #hashAt(position: number): number {
    const bytes = this.#blocks[position >>> 20];
    const at = (position & (BLOCK - 1)) + HEAD;
    const end = at + bytes[at - HEAD + FIRST] + bytes[at - HEAD + SECOND];
    let hash = this.#seed;
    for (let index = at; index < end; index++) hash = mix(hash, bytes[index]);
    return hash;
  }
}

/** A hash of text, from that of what is before it. */
export function hashText(before: number, text: string): number {
  let hash = before;
  for (let index = 0; index < text.length; index++) hash = mix(hash, text.charCodeAt(index));
  return hash;
}

function mix(hash: number, unit: number): number {
  const mixed = Math.imul(hash ^ unit, 0x9e3779b1);
  return mixed ^ mixed >>> 15;
}

function isLatin(text: string): boolean {
  if (text.length > 255) return false;
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 255) return false;
  return true;
}

function writeText(bytes: Uint8Array, at: number, text: string): void {
  for (let index = 0; index < text.length; index++) bytes[at + index] = text.charCodeAt(index);
}

function hasText(bytes: Uint8Array, at: number, text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    if (bytes[at + index] !== text.charCodeAt(index)) return false;
  }
  return true;
}
