// Signing keys that ENCRYPTION_KEY does not open: it was replaced by another one, or the database is that of another system.
import type { Context } from "../context.ts";
import { openPrivateKey, type SigningKeyRow, SigningKeyUnreadable } from "./signing_key.ts";

/**
 * The products whose private keys cannot be read; null stands for the default key. Those of deleted products do not count, nor
 * announced ones, which a rotation replaces.
 */
export async function listUnreadableKeys(
  { db, cipher }: Pick<Context, "db" | "cipher">,
): Promise<(string | null)[]> {
  const rows = await db<(Pick<SigningKeyRow, "kid" | "privateKey"> & { code: string | null })[]>`
    select k.kid, k.private_key, p.code
    from signing_keys k
    left join products p on p.id = k.product_id
    where k.retired_at is null and not k.is_announced and p.deleted_at is null
    order by p.code nulls first, k.id`;
  return [...new Set(rows.filter((row) => !isReadable(cipher, row)).map(({ code }) => code))];
}

/** Whether ENCRYPTION_KEY opens a private key. */
export function isReadable(
  cipher: Context["cipher"],
  key: Pick<SigningKeyRow, "kid" | "privateKey">,
): boolean {
  try {
    openPrivateKey(cipher, key);
    return true;
  } catch (error) {
    if (error instanceof SigningKeyUnreadable) return false;
    throw error;
  }
}
