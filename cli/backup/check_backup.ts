// Reads a backup to its end without changing anything, and says whether this program and its keys can use it.
import { Buffer } from "node:buffer";
import { readEncrypted } from "../../db/backup/encrypted_file.ts";
import { BackupError, type BackupHeader } from "../../db/backup/format.ts";
import { type BackupContent, readBackup } from "../../db/backup/read.ts";
import { ownProgram, readMigrations } from "../../db/migration_files.ts";
import type { Cipher } from "../../server/domain/context.ts";
import { canDecrypt, type StoredSecret, storedSecrets } from "../../server/request/stored_secrets.ts";

/** A stored secret as the backup has it. */
export interface SavedSecret {
  secret: StoredSecret;
  ciphertext: Uint8Array;
}

/** Rows of each piece of a table whose secrets are looked at. */
const SAMPLES = 20;

/**
 * Reads a backup completely.
 *
 * @throws BackupError when it is damaged, when the key does not open it, or when another version has to restore it
 */
export async function checkBackup(
  path: string,
  key: string,
): Promise<BackupContent & { secrets: SavedSecret[] }> {
  const secrets: SavedSecret[] = [];
  const content = await readEncrypted(path, key, (source) =>
    readBackup(source, {
      onHeader: requireKnownMigrations,
      async onTable({ name, copy }, rows) {
        const wanted = storedSecrets.filter(({ table }) => table === name);
        let rest = "";
        for await (const piece of rows) {
          if (wanted.length === 0) continue;
          // A piece may end in the middle of a row.
          const lines = (rest + Buffer.from(piece).toString("latin1")).split("\n");
          rest = lines.pop()!;
          secrets.push(...secretsIn(lines.slice(0, SAMPLES), copy, wanted));
        }
      },
    }));
  return { ...content, secrets };
}

/**
 * @throws BackupError when the backup has a migration that this program has not, or has another content of
 */
async function requireKnownMigrations({ migrations, programVersion }: BackupHeader): Promise<void> {
  const own = await readMigrations(ownProgram.folder);
  const last = own.at(-1)?.name ?? "";
  for (const { name, hash } of migrations) {
    const file = own.find((migration) => migration.name === name);
    if (!file && name > last) {
      throw new BackupError(
        `The backup was made by a later version, ${programVersion}, whose migration ${name} this one does not have. ` +
          `Restore it with ${programVersion} or later.`,
      );
    }
    if (file?.hash !== hash) {
      throw new BackupError(
        `The backup was made by ${programVersion} with another migration ${name} than this program's. ` +
          `Restore it with ${programVersion}, and update then.`,
      );
    }
  }
}

/** The encrypted values in rows of a table. */
function secretsIn(lines: string[], copy: string, wanted: StoredSecret[]): SavedSecret[] {
  const columns = [...copy.matchAll(/"((?:[^"]|"")+)"/g)].map(([, name]) => name).slice(1);
  const rows = lines.map((row) => row.split("\t")).filter((values) => values.length === columns.length);
  return rows.flatMap((values) =>
    wanted.flatMap((secret) => {
      // The text form of bytea is hexadecimal after "\x", whose backslash COPY doubles.
      const hex = values[columns.indexOf(secret.column)]?.match(/^\\\\x((?:[0-9a-f]{2})+)$/)?.[1];
      return hex ? [{ secret, ciphertext: new Uint8Array(Buffer.from(hex, "hex")) }] : [];
    })
  );
}

/** The names of what a cipher cannot decrypt in a backup. */
export function listUnreadable(secrets: SavedSecret[], cipher: Cipher): string[] {
  const unreadable = secrets.filter(({ secret, ciphertext }) => !canDecrypt(cipher, secret, ciphertext));
  return [...new Set(unreadable.map(({ secret }) => secret.name))];
}
