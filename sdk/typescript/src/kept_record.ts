// The record of the license in its storage: read once, changed step by step, and held in memory where nothing can be kept.
import { emptyRecord, type LicenseRecord, readRecord, withKept, writeRecord } from "./record.ts";
import type { Storage } from "./storage.ts";

export class KeptRecord {
  readonly #storage: Storage;
  #record: LicenseRecord = emptyRecord;
  #turn: Promise<unknown> = Promise.resolve();
  /** Why the last change is in memory alone: a full disk, a folder that cannot be written to; null: it was kept. */
  error: unknown = null;

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  /** The record, with what another process has written. */
  async read(): Promise<LicenseRecord> {
    if (this.error !== null) return this.#record;
    const kept = await this.#readStorage();
    // What was seen is never forgotten while the app runs, even if its file is put back.
    return this.#record = withKept(kept, this.#record);
  }

  /** Changes the record; changes of this process take turns. Never rejects because of the storage. */
  change(change: (record: LicenseRecord) => LicenseRecord): Promise<LicenseRecord> {
    const turn = this.#turn.then(() => this.#change(change));
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async #change(change: (record: LicenseRecord) => LicenseRecord): Promise<LicenseRecord> {
    let isChanged = false;
    const work = async () => {
      const before = await this.read();
      this.#record = change(before);
      isChanged = true;
      if (this.#record === before && this.error === null) return;
      await this.#storage.write(writeRecord(this.#record));
      this.error = null;
    };
    try {
      await (this.#storage.exclusively ? this.#storage.exclusively(work) : work());
    } catch (error) {
      if (!isChanged) this.#record = change(this.#record);
      this.error = error;
    }
    return this.#record;
  }

  async #readStorage(): Promise<LicenseRecord> {
    try {
      const text = await this.#storage.read();
      // A cut file, or none: what is in memory is the newest.
      return text === null ? this.#record : isWhole(text) ? readRecord(text) : this.#record;
    } catch (error) {
      this.error = error;
      return this.#record;
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
