// `deno task license-file`: what administrators do in the panel for apps without a network. It turns the request on standard
// input into a license file on standard output, or enters a removal code. What happened is printed to standard error.
import { parseArgs } from "node:util";
import { readDatabaseTime } from "../db/clock.ts";
import { connect } from "../db/connect.ts";
import { timeLimits } from "../db/time_limits.ts";
import { ConfigError, readEnvironment } from "../server/config.ts";
import type { Context } from "../server/domain/context.ts";
import { DomainError, isDomainError } from "../server/domain/errors.ts";
import { fileTtl, requestText } from "../server/domain/license_files/inputs.ts";
import { removeByCode } from "../server/domain/license_files/remove.ts";
import { issueRequestedFile } from "../server/domain/license_files/requested_file.ts";
import { systemContext } from "../server/domain/system_context.ts";
import { createCipher } from "../server/request/cipher.ts";
import { describeApiError } from "../server/request/error_form.ts";
import { readOfflineRequest } from "../server/request/offline_requests.ts";
import { wireFileClaims } from "../server/request/wire_files.ts";
import { exitWithError } from "../server/signals.ts";

const usage = `Use:
  deno task license-file [--ttl DAYS] < request.txt > license.lic
  deno task license-file --remove CODE`;

/** Seconds. */
const DAY = 86_400;

await run(Deno.args).catch(exitWithError);
Deno.exit(0);

async function run(args: string[]): Promise<void> {
  const { values: { ttl, remove }, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { ttl: { type: "string" }, remove: { type: "string" } },
  });
  if (positionals.length > 0 || (ttl !== undefined && remove !== undefined)) throw new ConfigError(usage);
  if (remove !== undefined) return await withContext((ctx) => enterCode(ctx, remove));
  const seconds = readDays(ttl);
  const { PUBLIC_URL } = readEnvironment();
  if (!PUBLIC_URL) {
    throw new ConfigError("Set PUBLIC_URL, as the server has it: apps compare it with the file.");
  }
  const text = await readRequest();
  await withContext((ctx) => issue(ctx, text, seconds, PUBLIC_URL));
}

async function issue(ctx: Context, text: string, ttl: number | null, issuer: string): Promise<void> {
  const { file, activation: { activation, isNew } } = await issueRequestedFile(ctx, {
    request: readOfflineRequest(text),
    ttl,
    issuer,
    userId: null,
  }, wireFileClaims);
  await print(Deno.stdout, file.text);
  await print(
    Deno.stderr,
    `Device ${activation.id} ${isNew ? "was activated" : "is active"} on license ${activation.licenseId}. ` +
      `Its file expires ${file.expiresAt.toISOString()}.\n`,
  );
}

async function enterCode(ctx: Context, code: string): Promise<void> {
  const { activationId, licenseId, isChanged } = await removeByCode(ctx, { code, userId: null });
  const what = isChanged ? "is deactivated" : "was deactivated already";
  await print(Deno.stderr, `Device ${activationId} of license ${licenseId} ${what}.\n`);
}

async function readRequest(): Promise<string> {
  if (Deno.stdin.isTerminal()) {
    await print(Deno.stderr, "Paste the request, from BEGIN to END, and end it with Ctrl+D:\n");
  }
  const read = requestText.safeParse(await new Response(Deno.stdin.readable).text());
  if (!read.success) throw new ConfigError("What is on standard input is too long for a request.");
  return read.data;
}

/** The seconds of `--ttl`; null: as long as the license allows. */
function readDays(days: string | undefined): number | null {
  if (days === undefined) return null;
  const seconds = fileTtl.safeParse(/^\d{1,4}$/.test(days) ? Number(days) * DAY : NaN);
  if (!seconds.success) throw new ConfigError("--ttl is a number of days, from 1 to 3650.");
  return seconds.data;
}

async function withContext(work: (ctx: Context) => Promise<void>): Promise<void> {
  const { DATABASE_URL, ENCRYPTION_KEY, ENCRYPTION_KEY_PREVIOUS } = readEnvironment();
  if (!DATABASE_URL || !ENCRYPTION_KEY) {
    throw new ConfigError("Set DATABASE_URL and ENCRYPTION_KEY, as the server has them.");
  }
  const db = connect(DATABASE_URL, { max: 1, name: "latchkey license-file", limits: timeLimits.start });
  try {
    const cipher = createCipher(ENCRYPTION_KEY, ENCRYPTION_KEY_PREVIOUS);
    await work(await systemContext(db, "command line", await readDatabaseTime(db), cipher));
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw new ConfigError(describe(error));
  } finally {
    await db.end();
  }
}

function describe(error: DomainError): string {
  // Days as they were given, not the seconds of the API.
  if (isDomainError(error, "INVALID_REQUEST") && error.facts.field === "ttl" && error.facts.maximum) {
    return `--ttl is at most ${error.facts.maximum / DAY} for this license.`;
  }
  return describeApiError(error).message;
}

async function print(to: typeof Deno.stdout | typeof Deno.stderr, text: string): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  for (let written = 0; written < bytes.length;) written += await to.write(bytes.subarray(written));
}
