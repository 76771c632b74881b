// The link to create the first owner with, which programs print when they start on a system without administrators.
import { readDatabaseTime } from "../db/clock.ts";
import { connect } from "../db/connect.ts";
import { timeLimits } from "../db/time_limits.ts";
import type { Config } from "./config.ts";
import { createSetupLink } from "./domain/administrators/first_owner.ts";
import { systemContext } from "./domain/system_context.ts";
import { createCipher } from "./request/cipher.ts";

/** Creates a setup link; null when there is an administrator. */
export async function openSetupLink(
  config: Pick<Config, "DATABASE_URL" | "ENCRYPTION_KEY" | "ENCRYPTION_KEY_PREVIOUS" | "PUBLIC_URL">,
): Promise<{ url: string; expiresAt: Date } | null> {
  const db = connect(config.DATABASE_URL, { max: 1, name: "latchkey setup", limits: timeLimits.start });
  try {
    const cipher = createCipher(config.ENCRYPTION_KEY, config.ENCRYPTION_KEY_PREVIOUS);
    const ctx = await systemContext(db, "setup", await readDatabaseTime(db), cipher);
    return await createSetupLink(ctx, config.PUBLIC_URL);
  } finally {
    await db.end({ timeout: 1 });
  }
}

/** The link in words, for a terminal. */
export function describeSetupLink({ url, expiresAt }: { url: string; expiresAt: Date }): string {
  return `No one can sign in yet. Open this link until ${expiresAt.toISOString()} to create the first owner:

  ${url}
`;
}
