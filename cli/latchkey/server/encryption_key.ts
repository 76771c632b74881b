// `encryption-key rotate`: encrypts stored secrets again with ENCRYPTION_KEY that were encrypted with one of
// ENCRYPTION_KEY_PREVIOUS.
import { connect } from "../../../db/connect.ts";
import { timeLimits } from "../../../db/time_limits.ts";
import { ConfigError, readEnvironment } from "../../../server/config.ts";
import { createCipher } from "../../../server/request/cipher.ts";
import { reencryptSecrets } from "../../reencrypt.ts";
import type { Result } from "../define.ts";
import { CommandError } from "../exit_codes.ts";
import { explained } from "./settings.ts";

export async function rotateEncryptionKey(): Promise<Result> {
  const { DATABASE_URL, ENCRYPTION_KEY, ENCRYPTION_KEY_PREVIOUS } = readEnvironment();
  if (!DATABASE_URL || !ENCRYPTION_KEY || ENCRYPTION_KEY_PREVIOUS.length === 0) {
    throw new ConfigError(
      "Set DATABASE_URL, ENCRYPTION_KEY to the new key and ENCRYPTION_KEY_PREVIOUS to the old one.",
    );
  }
  const { changed, unreadable } = await explained(async () => {
    const db = connect(DATABASE_URL, { max: 2, name: "latchkey encryption-key", limits: timeLimits.copy });
    try {
      return await reencryptSecrets(
        db,
        createCipher(ENCRYPTION_KEY),
        createCipher(ENCRYPTION_KEY, ENCRYPTION_KEY_PREVIOUS),
      );
    } finally {
      await db.end({ timeout: 1 });
    }
  });
  const names = Object.entries(unreadable).map(([name, count]) => `${count} of ${name}`);
  if (names.length > 0) {
    throw new CommandError(
      "refused",
      `Encrypted ${changed} secrets with the new key. None of the keys opens ${names.join(", ")}.`,
      "Add their key to ENCRYPTION_KEY_PREVIOUS.",
      { changed, unreadable },
    );
  }
  return {
    json: { changed },
    text: `Encrypted ${changed} secrets with the new key.\n` +
      "No secret needs ENCRYPTION_KEY_PREVIOUS any more: remove it everywhere.",
  };
}
