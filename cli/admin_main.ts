// `deno task admin create --email you@example.com --name You [--role owner]`: creates an administrator, such as the first
// one. The password is read from the terminal, or from standard input for scripts.
import { parseArgs } from "node:util";
import { connect } from "../db/connect.ts";
import { ConfigError, productionConfig, readEnvironment } from "../server/config.ts";
import { createAdministrator } from "../server/domain/administrators/create.ts";
import type { Role } from "../server/domain/actor.ts";
import { newAdministrator } from "../server/domain/administrators/inputs.ts";
import { systemContext } from "../server/domain/system_context.ts";
import { createCipher } from "../server/request/cipher.ts";
import { exitWithError } from "../server/signals.ts";

const usage =
  'Use: deno task admin create --email you@example.com --name "Your Name" [--role owner|manager|viewer]';

try {
  await run(Deno.args);
  Deno.exit(0);
} catch (error) {
  exitWithError(error);
}

async function run(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      email: { type: "string" },
      name: { type: "string" },
      role: { type: "string", default: "owner" },
    },
  });
  if (positionals[0] !== "create") throw new ConfigError(usage);
  const config = productionConfig(readEnvironment());
  const given = newAdministrator.safeParse({ ...values, password: await readPassword() });
  if (!given.success) {
    const problems = given.error.issues.map(({ path, message }) => `  ${path.join(".")}: ${message}`);
    throw new ConfigError(`${usage}\n${problems.join("\n")}`);
  }
  const db = connect(config.DATABASE_URL, { max: 1, name: "latchkey admin" });
  try {
    const ctx = await systemContext(db, "command line", new Date(), createCipher(config.ENCRYPTION_KEY));
    const { email, role } = await createAdministrator(ctx, { ...given.data, role: given.data.role as Role });
    console.log(`${email} is an administrator now (${role}).`);
  } finally {
    await db.end();
  }
}

/** Reads the password; without echo when standard input is a terminal. */
async function readPassword(): Promise<string> {
  if (!Deno.stdin.isTerminal()) {
    return (await new Response(Deno.stdin.readable).text()).replace(/\r?\n$/, "");
  }
  console.log("Password (at least 8 characters):");
  Deno.stdin.setRaw(true);
  let typed = "";
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(64);
  try {
    while (true) {
      const read = await Deno.stdin.read(buffer);
      for (const key of decoder.decode(buffer.subarray(0, read ?? 0), { stream: true })) {
        if (key === "\r" || key === "\n") return typed;
        if (key === "\x03") Deno.exit(130);
        typed = key === "\x7f" ? typed.slice(0, -1) : typed + key;
      }
      if (read === null) return typed;
    }
  } finally {
    Deno.stdin.setRaw(false);
  }
}
