// Encrypting stored secrets again with the current ENCRYPTION_KEY, while servers and workers go on.
import { Buffer } from "node:buffer";
import { quoteName } from "../db/backup/tables.ts";
import type { Database } from "../db/connect.ts";
import type { Cipher } from "../server/domain/context.ts";
import { canDecrypt, type StoredSecret, storedSecrets } from "../server/request/stored_secrets.ts";

/** Pages of a table that are read at a time; 8 KiB each. */
const PAGES = 32;
/** Passes over a column. A row that a server changes meanwhile is left to the next one. */
const MAX_PASSES = 20;

export interface Reencrypted {
  /** Values that have the current key now. */
  changed: number;
  /** Values that no given key opens, by what they are. */
  unreadable: Record<string, number>;
}

/**
 * Encrypts every stored secret with the current key that has another one.
 *
 * @param current opens what has the current key alone
 * @param cipher opens all, and encrypts with the current key
 */
export async function reencryptSecrets(db: Database, current: Cipher, cipher: Cipher): Promise<Reencrypted> {
  const result: Reencrypted = { changed: 0, unreadable: {} };
  for (const secret of storedSecrets) {
    for (let pass = 0; pass < MAX_PASSES; pass++) {
      const { changed, missed, unreadable } = await passOver(db, secret, current, cipher);
      result.changed += changed;
      if (missed > 0) continue;
      if (unreadable > 0) result.unreadable[secret.name] = (result.unreadable[secret.name] ?? 0) + unreadable;
      break;
    }
  }
  return result;
}

async function passOver(db: Database, secret: StoredSecret, current: Cipher, cipher: Cipher) {
  const { table, column, purpose } = secret;
  const done = { changed: 0, missed: 0, unreadable: 0 };
  const [{ pages }] = await db<{ pages: number }[]>`
    select pg_relation_size(${table}::regclass) / current_setting('block_size')::integer as pages`;
  // By physical place, because not every table has an id. Rows that are written meanwhile have the current key.
  for (let page = 0; page < pages; page += PAGES) {
    const batch = await db.unsafe<{ place: string; value: Uint8Array }[]>(
      `select ctid::text as place, ${quoteName(column)} as value
       from ${quoteName(table)}
       where ctid >= $1::text::tid and ctid < $2::text::tid and ${quoteName(column)} is not null`,
      [`(${page},0)`, `(${page + PAGES},0)`],
    );
    const stale = batch.filter(({ value }) => !canDecrypt(current, secret, value));
    const readable = stale.filter(({ value }) => canDecrypt(cipher, secret, value));
    done.unreadable += stale.length - readable.length;
    if (readable.length === 0) continue;
    const hex = (value: Uint8Array) => Buffer.from(value).toString("hex");
    // The old value is compared, so that a row which changed meanwhile keeps its new one.
    const { count } = await db.unsafe(
      `update ${quoteName(table)} t
       set ${quoteName(column)} = decode(n.encrypted, 'hex')
       from unnest($1::text[], $2::text[], $3::text[]) as n (place, old, encrypted)
       where t.ctid = n.place::tid and t.${quoteName(column)} = decode(n.old, 'hex')`,
      [
        readable.map(({ place }) => place),
        readable.map(({ value }) => hex(value)),
        readable.map(({ value }) => hex(cipher.encrypt(purpose, cipher.decrypt(purpose, value)))),
      ],
    );
    done.changed += count;
    done.missed += readable.length - count;
  }
  return done;
}
