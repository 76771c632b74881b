// The secrets of removal codes. They follow from one key of the installation, so that none is stored for each file, and the
// restored backup of an earlier day knows those of later files.
import { hkdfSync, randomBytes } from "node:crypto";
import type { Context } from "../context.ts";

/** The cipher's purpose for removal keys. */
export const PURPOSE = "removal key";
const KEY_BYTES = 32;

/** A row of `removal_keys`. */
export interface RemovalKeyRow {
  id: number;
  secret: Uint8Array;
  createdAt: Date;
}

/** The file of an activation, which has a secret. */
export interface RemovableFile {
  activationId: number;
  seq: number;
}

/** The key that secrets of new files follow from. The first one is made on first use. */
export async function getRemovalKey(ctx: Context): Promise<Uint8Array> {
  const [newest] = await listRemovalKeys(ctx);
  if (newest) return newest;
  const key = randomBytes(KEY_BYTES);
  await ctx.db`
    insert into removal_keys (secret, created_at)
    values (${ctx.cipher.encrypt(PURPOSE, key)}, ${ctx.now})`;
  return key;
}

/** The keys that can be read, the newest first. Processes that needed the first one at the same time have each made one. */
export async function listRemovalKeys(ctx: Context): Promise<Uint8Array[]> {
  const rows = await ctx.db<Pick<RemovalKeyRow, "secret">[]>`
    select secret
    from removal_keys
    order by id desc`;
  return rows.flatMap(({ secret }) => {
    try {
      return [ctx.cipher.decrypt(PURPOSE, secret)];
    } catch {
      // Its ENCRYPTION_KEY was lost, and the codes of its files with it.
      return [];
    }
  });
}

/** The secret of a file, base64url. */
export function removalSecret(key: Uint8Array, { activationId, seq }: RemovableFile): string {
  const secret = hkdfSync("sha256", key, "", `latchkey removal ${activationId} ${seq}`, KEY_BYTES);
  return new Uint8Array(secret).toBase64({ alphabet: "base64url", omitPadding: true });
}
