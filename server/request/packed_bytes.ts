// Values written into few bytes: whole numbers by their size, text of Latin-1 a byte a character.

/** Bytes of one value at most. */
const CAPACITY = 2048;

/** A value does not fit, or has text beyond Latin-1: it cannot be packed. */
export class NotPackable extends Error {}

export class PackedWriter {
  readonly bytes = new Uint8Array(CAPACITY);
  size = 0;

  /** A whole number from 0 on. */
  number(value: number): void {
    let rest = value;
    while (rest > 127) {
      this.#byte(rest % 128 + 128);
      rest = Math.floor(rest / 128);
    }
    this.#byte(rest);
  }

  /** Text of at most 255 characters. */
  text(value: string): void {
    if (value.length > 255) throw new NotPackable();
    this.#byte(value.length);
    for (let index = 0; index < value.length; index++) {
      const unit = value.charCodeAt(index);
      if (unit > 255) throw new NotPackable();
      this.#byte(unit);
    }
  }

  #byte(value: number): void {
    if (this.size === CAPACITY) throw new NotPackable();
    this.bytes[this.size++] = value;
  }
}

export class PackedReader {
  bytes = new Uint8Array();
  at = 0;

  number(): number {
    let value = 0;
    for (let factor = 1;; factor *= 128) {
      const byte = this.bytes[this.at++];
      if (byte < 128) return value + byte * factor;
      value += (byte - 128) * factor;
    }
  }

  text(): string {
    const end = this.at + 1 + this.bytes[this.at++];
    let text = "";
    while (this.at < end) text += String.fromCharCode(this.bytes[this.at++]);
    return text;
  }
}
