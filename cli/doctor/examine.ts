// All checks, in the order in which one needs the other.
import { connect } from "../../db/connect.ts";
import { readDatabaseTime } from "../../db/clock.ts";
import { timeLimits } from "../../db/time_limits.ts";
import { systemContext } from "../../server/domain/system_context.ts";
import { createCipher } from "../../server/request/cipher.ts";
import type { Finding } from "./check.ts";
import { checkConfiguration } from "./configuration_checks.ts";
import { checkContent } from "./content_checks.ts";
import { checkDatabase } from "./database_checks.ts";
import { checkNotifications } from "./notification_check.ts";
import { checkRedis } from "./redis_checks.ts";
import { checkServices } from "./service_checks.ts";

/**
 * Examines a system: its configuration and everything around it.
 *
 * @param options.variables the environment; the process's own by default
 * @param options.testMailTo an address that a test mail is sent to
 */
export async function examine(
  options: { variables?: Record<string, string | undefined>; testMailTo?: string | null } = {},
): Promise<Finding[]> {
  const { config, findings } = checkConfiguration(options.variables);
  if (config === null) return findings;
  const db = connect(config.DATABASE_URL, { max: 3, name: "latchkey doctor", limits: timeLimits.start });
  try {
    const [database, notifications, redis, services] = await Promise.all([
      checkDatabase(db, config),
      checkNotifications(db, config),
      checkRedis(config),
      checkServices(config, options.testMailTo ?? null),
    ]);
    const content = database.isUsable
      ? await checkContent(
        db,
        await systemContext(
          db,
          "doctor",
          await readDatabaseTime(db),
          createCipher(config.ENCRYPTION_KEY, config.ENCRYPTION_KEY_PREVIOUS),
        ),
        config,
      )
      : [];
    return [...findings, ...database.findings, ...notifications, ...redis, ...content, ...services];
  } finally {
    await db.end({ timeout: 1 });
  }
}
