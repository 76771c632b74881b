// The record of the license in its storage: read again before each change, and held in memory where nothing can be kept.
import { emptyRecord, type LicenseRecord, readRecord, withKept, writeRecord } from "./record.ts";
import type { Storage } from "./storage.ts";

export class KeptRecord {
  readonly #storage: Storage;
  #record: LicenseRecord = emptyRecord;
  #turn: Promise<unknown> = Promise.resolve();
  /** Whether the record in memory is newer than that in the storage. */
  #isNewer = false;
  /** Why the storage failed last: a full disk, a folder that cannot be written to; null: it works. */
  error: unknown = null;

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  /** The record, with what another process has written. What was seen is never forgotten, even if the storage is put back. */
  async read(): Promise<LicenseRecord> {
    const stored = await this.#readStorage();
    if (stored) {
      this.#record = this.#isNewer ? withKept(this.#record, stored) : withKept(stored, this.#record);
    }
    return this.#record;
  }

  /** Changes the record; changes of this process take turns. Never rejects because of the storage. */
  change(change: (record: LicenseRecord) => LicenseRecord): Promise<LicenseRecord> {
    const turn = this.#turn.then(() => this.#change(change));
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async #change(change: (record: LicenseRecord) => LicenseRecord): Promise<LicenseRecord> {
    let changed: LicenseRecord | null = null;
    const work = async () => {
      const before = await this.read();
      changed = change(before);
      const text = writeRecord(changed);
      if (text === writeRecord(before) && !this.#isNewer) return;
      this.#hold(changed);
      await this.#storage.write(text);
      this.#isNewer = false;
      this.error = null;
    };
    try {
      await (this.#storage.exclusively ? this.#storage.exclusively(work) : work());
    } catch (error) {
      this.error = error;
      if (changed === null) this.#hold(changed = change(this.#record));
    }
    return changed ?? this.#record;
  }

  /** While it is written, a reader that finds the old one does not put it back. */
  #hold(record: LicenseRecord): void {
    this.#record = record;
    this.#isNewer = true;
  }

  /** The stored record; null when there is none, or not all of it: what is in memory counts then. */
  async #readStorage(): Promise<LicenseRecord | null> {
    try {
      const text = await this.#storage.read();
      if (!this.#isNewer) this.error = null;
      return text !== null && isWhole(text) ? readRecord(text) : null;
    } catch (error) {
      this.error = error;
      return null;
    }
  }
}

function isWhole(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
