// For apps without a network: `license-file issue` turns a request into a license file, `license-file remove` enters a
// removal code.
import type { Command } from "commander";
import { connect } from "../api.ts";
import { define, defineGroup } from "../define.ts";
import { CommandError } from "../exit_codes.ts";
import { readInput, writeOutput } from "../files.ts";
import { say, write } from "../terminal.ts";
import { wholeNumber } from "../values.ts";

/** Seconds. */
const DAY = 86_400;

export function defineLicenseFileCommands(program: Command): void {
  const group = defineGroup(program, "license-file", "Files for apps without a network");
  define(group, {
    name: "issue [request]",
    summary: "Turn an app's request, in a file or on standard input, into a license file",
    example: "license-file issue --ttl 30 < request.txt > license.lic",
    options: [
      {
        flags: "--ttl <days>",
        description: "how long it is valid; else as long as the license allows",
        parse: wholeNumber,
      },
      { flags: "--output <file>", description: "else it is written to standard output" },
    ],
    rights: "remote",
    async run([file], options) {
      const request = new TextDecoder().decode(await readInput(file, "the app's request"));
      const ttl = options.ttl === undefined ? undefined : options.ttl * DAY;
      const api = await connect(options);
      const issued = await inDays(() =>
        api.call("POST", "/api/admin/license-files", { body: { request, ttl } })
      );
      const { license_file, device_id, license_id, expires_at, activated } = issued;
      if (options.output) await writeOutput(options.output, new Blob([license_file]).stream(), () => {});
      else if (!options.json) await write(Deno.stdout, license_file);
      await say(
        `Device ${device_id} ${activated ? "was activated" : "is active"} on license ${license_id}. ` +
          `Its file expires ${expires_at}.`,
      );
      return { json: issued, text: "" };
    },
  });

  define(group, {
    name: "remove <code>",
    summary: "Enter the code that an app shows after it deleted its file: the device is deactivated",
    example: "license-file remove 16J01-NB2EW-00ZQ6-2CE3C-EE7JT-0BS2X-FRA6E-0W",
    rights: "remote",
    async run([code], options) {
      const removed = await (await connect(options)).call("POST", "/api/admin/license-files/remove", {
        body: { code },
      });
      const what = removed.deactivated ? "is deactivated" : "was deactivated already";
      return { json: removed, text: `Device ${removed.device_id} of license ${removed.license_id} ${what}.` };
    },
  });
}

/** Says days as they were given, not the seconds of the API. */
async function inDays<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  try {
    return await call();
  } catch (error) {
    const { field, maximum } = (error instanceof CommandError ? error.facts.details ?? {} : {}) as Record<
      string,
      unknown
    >;
    if (field !== "ttl") throw error;
    const most = typeof maximum === "number" ? `at most ${maximum / DAY} for this license` : "from 1 to 3650";
    throw new CommandError(
      "refused",
      `--ttl is a number of days, ${most}.`,
      null,
      (error as CommandError).facts,
    );
  }
}
