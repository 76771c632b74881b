// The data folder of a system that brings its databases along: the secrets, made on the first start, and a file with the
// settings of the running system, by which other commands reach it.
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Config } from "./config.ts";

/** Secrets of one system. They are worth as much as the database: without them its stored secrets cannot be read. */
export interface OwnSecrets {
  ENCRYPTION_KEY: string;
  JWT_SECRET: string;
}

/**
 * Reads the secrets, and makes them where the folder has none.
 *
 * @throws Error when the file is damaged
 */
export async function readSecrets(folder: string): Promise<OwnSecrets> {
  const file = join(folder, "secrets.json");
  await Deno.mkdir(folder, { recursive: true });
  const made: OwnSecrets = { ENCRYPTION_KEY: makeSecret(), JWT_SECRET: makeSecret() };
  // Complete under another name first: a full disk leaves no half file, and two starts at once agree on one.
  const unfinished = `${file}.${crypto.randomUUID()}`;
  await Deno.writeTextFile(unfinished, JSON.stringify(made, null, 2) + "\n", { mode: 0o600 });
  try {
    await Deno.link(unfinished, file);
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  } finally {
    await Deno.remove(unfinished);
  }
  const { ENCRYPTION_KEY, JWT_SECRET } = JSON.parse(await Deno.readTextFile(file));
  if (!ENCRYPTION_KEY || !JWT_SECRET) {
    throw new Error(
      `${file} lacks ENCRYPTION_KEY or JWT_SECRET: put back the copy of it that belongs to this data.`,
    );
  }
  return { ENCRYPTION_KEY, JWT_SECRET };
}

function makeSecret(): string {
  return randomBytes(32).toString("base64");
}

/** The file with the settings of the running system, which a shell can read. */
export function environmentFile(folder: string): string {
  return join(folder, "environment");
}

/** Writes the settings by which a command such as `backup` reaches the running system. Only its owner can read them. */
export async function writeEnvironment(folder: string, config: Config): Promise<void> {
  const { DATABASE_URL, REDIS_URL, ENCRYPTION_KEY, JWT_SECRET, PUBLIC_URL } = config;
  const lines = Object.entries({ DATABASE_URL, REDIS_URL, ENCRYPTION_KEY, JWT_SECRET, PUBLIC_URL })
    .map(([name, value]) => `${name}='${value.replaceAll("'", `'\\''`)}'\n`);
  await Deno.writeTextFile(environmentFile(folder), lines.join(""), { mode: 0o600 });
}
