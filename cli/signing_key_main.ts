// `deno task signing-key`: the keys that sign entitlement tokens. `rotate` creates a new one, `list` prints all.
import { readDatabaseTime } from "../db/clock.ts";
import { connect } from "../db/connect.ts";
import { timeLimits } from "../db/time_limits.ts";
import { ConfigError, readEnvironment } from "../server/config.ts";
import { listSigningKeys } from "../server/domain/signing/public_keys.ts";
import { rotateSigningKey } from "../server/domain/signing/rotate.ts";
import { systemContext } from "../server/domain/system_context.ts";
import { createCipher } from "../server/request/cipher.ts";
import { exitWithError } from "../server/signals.ts";

const [command] = Deno.args;
await run().catch(exitWithError);
Deno.exit(0);

async function run(): Promise<void> {
  if (command !== "rotate" && command !== "list") {
    throw new ConfigError("Use: deno task signing-key rotate, or deno task signing-key list");
  }
  const { DATABASE_URL, ENCRYPTION_KEY, ENCRYPTION_KEY_PREVIOUS } = readEnvironment();
  if (!DATABASE_URL || !ENCRYPTION_KEY) {
    throw new ConfigError("Set DATABASE_URL and ENCRYPTION_KEY, as the server has them.");
  }
  const db = connect(DATABASE_URL, { max: 1, name: "latchkey signing-key", limits: timeLimits.start });
  try {
    const ctx = await systemContext(
      db,
      "signing-key",
      await readDatabaseTime(db),
      createCipher(ENCRYPTION_KEY, ENCRYPTION_KEY_PREVIOUS),
    );
    if (command === "rotate") {
      const { kid } = await rotateSigningKey(ctx);
      console.log(`${kid} signs from now on. Tokens of earlier keys stay valid until they expire.`);
    } else {
      for (const { kid, createdAt, retiredAt, signedUntil } of await listSigningKeys(ctx)) {
        const since = createdAt.toISOString();
        console.log(
          retiredAt
            ? `${kid}  created ${since}, retired ${retiredAt.toISOString()}, published until ${signedUntil.toISOString()}`
            : `${kid}  created ${since}, signs`,
        );
      }
    }
  } finally {
    await db.end();
  }
}
