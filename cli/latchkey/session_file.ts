// The file that keeps the tokens of signed-in administrators: in the user's folder for settings, readable by its owner alone.
import { dirname, join } from "node:path";
import { environment } from "./environment.ts";
import { CommandError } from "./exit_codes.ts";

/** What a sign-in left. */
export interface StoredSession {
  token: string;
  email: string;
  expires_at: string;
}

interface Sessions {
  format: 1;
  /** The address of the server that commands use where none is named. */
  current: string | null;
  servers: Record<string, StoredSession>;
}

/** The folder of the file; null where the environment names none. */
export function sessionFolder(): string | null {
  const { XDG_CONFIG_HOME, HOME, APPDATA } = environment;
  const settings = Deno.build.os === "windows" ? APPDATA : XDG_CONFIG_HOME ?? (HOME && join(HOME, ".config"));
  return settings ? join(settings, "latchkey") : null;
}

/**
 * The stored sessions; none where there is no file.
 *
 * @throws CommandError when others can read the file, or it cannot be read
 */
export async function readSessions(): Promise<Sessions> {
  const none: Sessions = { format: 1, current: null, servers: {} };
  const folder = sessionFolder();
  if (folder === null) return none;
  const path = join(folder, "sessions.json");
  try {
    const { mode } = await Deno.stat(path);
    if (mode !== null && Deno.build.os !== "windows" && (mode & 0o077) !== 0) {
      throw new CommandError(
        "notSignedIn",
        `Others can read ${path}, which has tokens in it.`,
        `End the sessions under Profile in the panel, then: rm ${path}, and latchkey sign-in`,
      );
    }
    const read = JSON.parse(await Deno.readTextFile(path));
    if (read?.format !== 1 || typeof read.servers !== "object" || read.servers === null) {
      throw new SyntaxError();
    }
    return read;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return none;
    if (error instanceof SyntaxError) {
      throw new CommandError("notSignedIn", `${path} is damaged.`, `rm ${path}, and latchkey sign-in`);
    }
    throw error;
  }
}

/** Replaces the file as a whole. */
export async function writeSessions(sessions: Sessions): Promise<void> {
  const folder = sessionFolder();
  if (folder === null) {
    throw new CommandError(
      "refused",
      "There is no folder for the token.",
      "Set HOME, or use LATCHKEY_URL and LATCHKEY_TOKEN in place of a sign-in.",
    );
  }
  const path = join(folder, "sessions.json");
  const unfinished = `${path}.${crypto.randomUUID()}`;
  await Deno.mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await Deno.writeTextFile(unfinished, `${JSON.stringify(sessions, null, 2)}\n`, {
    mode: 0o600,
    createNew: true,
  });
  await Deno.rename(unfinished, path);
}
