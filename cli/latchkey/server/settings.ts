// What commands on the server's machine share: the settings of the server, a connection to its database, and its errors in
// words.
import { readDatabaseTime } from "../../../db/clock.ts";
import { connect, isUnavailable } from "../../../db/connect.ts";
import { timeLimits } from "../../../db/time_limits.ts";
import { ConfigError, type Environment, readEnvironment } from "../../../server/config.ts";
import type { Context } from "../../../server/domain/context.ts";
import { DomainError } from "../../../server/domain/errors.ts";
import { systemContext } from "../../../server/domain/system_context.ts";
import { createCipher } from "../../../server/request/cipher.ts";
import { describeApiError } from "../../../server/request/error_form.ts";
import { CommandError } from "../exit_codes.ts";

type Stored = Pick<Environment, "DATABASE_URL" | "ENCRYPTION_KEY" | "ENCRYPTION_KEY_PREVIOUS">;

/**
 * Works as the system, on the database of the settings.
 *
 * @throws CommandError when a setting is missing, the database cannot be reached, or the domain refuses
 */
export function withContext<Result>(
  name: string,
  work: (ctx: Context) => Promise<Result>,
  settings: Stored = readEnvironment(),
): Promise<Result> {
  const { DATABASE_URL, ENCRYPTION_KEY, ENCRYPTION_KEY_PREVIOUS } = settings;
  return explained(async () => {
    if (!DATABASE_URL || !ENCRYPTION_KEY) {
      throw new ConfigError("Set DATABASE_URL and ENCRYPTION_KEY, as the server has them.");
    }
    const db = connect(DATABASE_URL, { max: 1, name: `latchkey ${name}`, limits: timeLimits.start });
    try {
      const cipher = createCipher(ENCRYPTION_KEY, ENCRYPTION_KEY_PREVIOUS);
      return await work(await systemContext(db, "command line", await readDatabaseTime(db), cipher));
    } finally {
      await db.end({ timeout: 1 });
    }
  });
}

/** Turns errors of the domain and of the database into those of a command. */
export async function explained<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DomainError) {
      throw new CommandError("refused", describeApiError(error).message, null, { code: error.code });
    }
    if (!isUnavailable(error)) throw error;
    const reason = error instanceof Error && error.message ? error.message : String(error);
    throw new CommandError("notReached", `The database cannot be reached: ${reason}.`, "Check DATABASE_URL.");
  }
}
