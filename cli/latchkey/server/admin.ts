// `admin`: administrators from a shell, for the first one and for when no one can sign in.
import { type Config, productionConfig, readEnvironment } from "../../../server/config.ts";
import { createAdministrator } from "../../../server/domain/administrators/create.ts";
import { createSetupLink } from "../../../server/domain/administrators/first_owner.ts";
import { newAdministrator } from "../../../server/domain/administrators/inputs.ts";
import { setPassword } from "../../../server/domain/administrators/password_links.ts";
import type { Context } from "../../../server/domain/context.ts";
import { describeSetupLink } from "../../../server/setup_link.ts";
import { readPassword } from "../ask.ts";
import type { Options, Result } from "../define.ts";
import { CommandError } from "../exit_codes.ts";
import { withContext } from "./settings.ts";

const question = "Password (at least 8 characters)";

function asAdmin(work: (ctx: Context, config: Config) => Promise<Result>): Promise<Result> {
  const config = productionConfig(readEnvironment());
  return withContext("admin", (ctx) => work(ctx, config), config);
}

export function createAdmin({ email, name, role = "owner" }: Options): Promise<Result> {
  return asAdmin(async (ctx) => {
    const given = newAdministrator.safeParse({ email, name, role, password: await readPassword(question) });
    if (!given.success) {
      const problems = given.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
      throw new CommandError("wrongUse", problems.join("; "), "latchkey admin create --help");
    }
    const created = await createAdministrator(ctx, given.data);
    return {
      json: { id: created.id, email: created.email, role: created.role },
      text: `${created.email} is an administrator now (${created.role}).`,
    };
  });
}

export function resetPassword(options: Options): Promise<Result> {
  return asAdmin(async (ctx) => {
    const { email } = await setPassword(ctx, {
      email: options.email,
      password: await readPassword(question),
    });
    return {
      json: { email },
      text:
        `${email} has a new password. All sessions and access tokens of the account have ended; a second factor stays required.`,
    };
  });
}

export function printSetupLink(): Promise<Result> {
  return asAdmin(async (ctx, config) => {
    const link = await createSetupLink(ctx, config.PUBLIC_URL);
    if (!link) {
      throw new CommandError(
        "refused",
        "There is an administrator already.",
        "To add one: latchkey admin create",
      );
    }
    return { json: { url: link.url, expires_at: link.expiresAt }, text: describeSetupLink(link) };
  });
}
