// `deno task encryption-key rotate`: encrypts stored secrets again with ENCRYPTION_KEY that were encrypted with one of
// ENCRYPTION_KEY_PREVIOUS.
import { connect } from "../db/connect.ts";
import { timeLimits } from "../db/time_limits.ts";
import { ConfigError, readEnvironment } from "../server/config.ts";
import { createCipher } from "../server/request/cipher.ts";
import { exitWithError } from "../server/signals.ts";
import { explainUnavailable } from "../server/start_check.ts";
import { reencryptSecrets } from "./reencrypt.ts";

await run(Deno.args).catch((error) => exitWithError(explainUnavailable(error)));
Deno.exit(0);

async function run([command]: string[]): Promise<void> {
  if (command !== "rotate") throw new ConfigError("Use: deno task encryption-key rotate");
  const { DATABASE_URL, ENCRYPTION_KEY, ENCRYPTION_KEY_PREVIOUS } = readEnvironment();
  if (!DATABASE_URL || !ENCRYPTION_KEY || ENCRYPTION_KEY_PREVIOUS.length === 0) {
    throw new ConfigError(
      "Set DATABASE_URL, ENCRYPTION_KEY to the new key and ENCRYPTION_KEY_PREVIOUS to the old one.",
    );
  }
  const db = connect(DATABASE_URL, { max: 2, name: "latchkey encryption-key", limits: timeLimits.copy });
  try {
    const { changed, unreadable } = await reencryptSecrets(
      db,
      createCipher(ENCRYPTION_KEY),
      createCipher(ENCRYPTION_KEY, ENCRYPTION_KEY_PREVIOUS),
    );
    console.log(`Encrypted ${changed} secrets with the new key.`);
    const names = Object.entries(unreadable).map(([name, count]) => `${count} of ${name}`);
    if (names.length > 0) {
      throw new Error(
        `None of the keys opens ${names.join(", ")}. Add their key to ENCRYPTION_KEY_PREVIOUS.`,
      );
    }
    console.log("No secret needs ENCRYPTION_KEY_PREVIOUS any more: remove it everywhere.");
  } finally {
    await db.end({ timeout: 1 });
  }
}
