// `deno task admin`: administrators from a shell. `create` makes one, such as the first; `reset-password` replaces a
// forgotten password; `setup-link` prints a link to create the first owner in the browser. Passwords are read from the
// terminal, or from standard input for scripts.
import { parseArgs } from "node:util";
import { readDatabaseTime } from "../db/clock.ts";
import { connect } from "../db/connect.ts";
import { timeLimits } from "../db/time_limits.ts";
import { type Config, ConfigError, productionConfig, readEnvironment } from "../server/config.ts";
import { createAdministrator } from "../server/domain/administrators/create.ts";
import { createSetupLink } from "../server/domain/administrators/first_owner.ts";
import { newAdministrator } from "../server/domain/administrators/inputs.ts";
import { setPassword } from "../server/domain/administrators/password_links.ts";
import type { Context } from "../server/domain/context.ts";
import { DomainError } from "../server/domain/errors.ts";
import { systemContext } from "../server/domain/system_context.ts";
import { createCipher } from "../server/request/cipher.ts";
import { describeApiError } from "../server/request/error_form.ts";
import { describeSetupLink } from "../server/setup_link.ts";
import { exitWithError } from "../server/signals.ts";
import { readPassword } from "./read_password.ts";

const usage = `Use:
  deno task admin create --email you@example.com --name "Your Name" [--role owner|manager|viewer]
  deno task admin reset-password --email you@example.com
  deno task admin setup-link`;

type Options = Partial<Record<"email" | "name" | "role", string>>;

/** What each command does; it returns what is printed. */
const commands: Record<string, (ctx: Context, options: Options, config: Config) => Promise<string>> = {
  async create(ctx, options) {
    const given = newAdministrator.safeParse({ role: "owner", ...options, password: await readPassword() });
    if (!given.success) {
      const problems = given.error.issues.map(({ path, message }) => `  ${path.join(".")}: ${message}`);
      throw new ConfigError(`${usage}\n${problems.join("\n")}`);
    }
    const { email, role } = await createAdministrator(ctx, given.data);
    return `${email} is an administrator now (${role}).`;
  },

  async "reset-password"(ctx, options) {
    if (!options.email) throw new ConfigError(usage);
    const { email } = await setPassword(ctx, { email: options.email, password: await readPassword() });
    return `${email} has a new password. All sessions and access tokens of the account have ended; a second factor stays required.`;
  },

  async "setup-link"(ctx, _options, config) {
    const link = await createSetupLink(ctx, config.PUBLIC_URL);
    if (!link) throw new ConfigError("There is an administrator already. To add one: deno task admin create");
    return describeSetupLink(link);
  },
};

await run(Deno.args).catch(exitWithError);
Deno.exit(0);

async function run(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { email: { type: "string" }, name: { type: "string" }, role: { type: "string" } },
  });
  const command = Object.hasOwn(commands, positionals[0] ?? "") ? commands[positionals[0]] : null;
  if (!command) throw new ConfigError(usage);
  const config = productionConfig(readEnvironment());
  const db = connect(config.DATABASE_URL, { max: 1, name: "latchkey admin", limits: timeLimits.start });
  try {
    const ctx = await systemContext(
      db,
      "command line",
      await readDatabaseTime(db),
      createCipher(config.ENCRYPTION_KEY, config.ENCRYPTION_KEY_PREVIOUS),
    );
    console.log(await command(ctx, values, config));
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw new ConfigError(describeApiError(error).message);
  } finally {
    await db.end();
  }
}
