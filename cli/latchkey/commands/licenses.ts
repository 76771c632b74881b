// What is done with licenses beside the commands of every noun: disable, enable, renew, extend.
import type { Command } from "commander";
import { type Api, connect, type Json } from "../api.ts";
import { define, type OptionSpec, type Result } from "../define.ts";
import { findId } from "../find.ts";
import { cell, table } from "../terminal.ts";

const at: OptionSpec = { flags: "--at <time>", description: "then, such as 2026-12-24T18:00:00Z; else now" };

export function defineLicenseCommands(group: Command): void {
  define(group, {
    name: "disable <license...>",
    summary: "Disable licenses, now or at a time; their activations stay",
    example: 'licenses disable 7GZ4-K0QX-9M2T-VB6A --reason "Charged back"',
    options: [{ flags: "--reason <text>", description: "only administrators see it" }, at],
    rights: "remote",
    run: (licenses, options) =>
      forEach(
        licenses,
        options,
        (api, id) =>
          api.call("POST", `/api/admin/licenses/${id}/disable`, {
            body: { at: options.at, reason: options.reason },
          }),
      ),
  });

  define(group, {
    name: "enable <license...>",
    summary: "Enable licenses, now or at a time",
    example: "licenses enable 7GZ4-K0QX-9M2T-VB6A",
    options: [at],
    rights: "remote",
    run: (licenses, options) =>
      forEach(
        licenses,
        options,
        (api, id) => api.call("POST", `/api/admin/licenses/${id}/enable`, { body: { at: options.at } }),
      ),
  });

  define(group, {
    name: "renew <license...>",
    summary: "Renew licenses by their duration",
    example: "licenses renew 7GZ4-K0QX-9M2T-VB6A",
    rights: "remote",
    run: (licenses, options) =>
      forEach(licenses, options, (api, id) => api.call("POST", `/api/admin/licenses/${id}/renew`)),
  });

  define(group, {
    name: "extend <license...>",
    summary: "Move the last day of licenses by a duration",
    example: "licenses extend 7GZ4-K0QX-9M2T-VB6A --by P1M",
    options: [{
      flags: "--by <duration>",
      description: "in ISO 8601, such as P14D or P1Y",
      isRequired: true,
    }],
    rights: "remote",
    run: (licenses, options) =>
      forEach(licenses, options, async (api, id) => {
        await api.call("POST", "/api/admin/licenses/bulk-extend", {
          body: { license_ids: [id], by: options.by },
        });
        return await api.call("GET", `/api/admin/licenses/${id}`);
      }),
  });
}

/** Finds all licenses before the first is changed, so that a key with a typing error changes none. */
async function forEach(
  licenses: string[],
  options: { url?: string },
  change: (api: Api, id: number) => Promise<Json>,
): Promise<Result> {
  const api = await connect(options);
  const ids: number[] = [];
  for (const license of licenses) ids.push(await findId(api, "licenses", license));
  const rows: Json[] = [];
  for (const id of ids) rows.push(await change(api, id));
  const columns = ["id", "key", "state", "valid_until", "disable_at", "enable_at"];
  return {
    json: { rows },
    text: table(columns, rows.map((row) => columns.map((column) => cell(row[column])))),
  };
}
