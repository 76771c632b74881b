// `events tail`: events as they happen, a line each, also while the server is away for a time.
import type { Command } from "commander";
import { type Api, connect, type Json } from "../api.ts";
import { define } from "../define.ts";
import { CommandError, exitCodes } from "../exit_codes.ts";
import { optionsOf, valuesOf } from "../field_options.ts";
import { nouns } from "../nouns.ts";
import { bold, cell, print, say } from "../terminal.ts";
import { timeOrAge, wholeNumber } from "../values.ts";

/** Between two looks; milliseconds. */
const POLL = 1000;
/** Events of transactions that took longest appear so much later than others of their time; milliseconds. */
const OVERLAP = 30_000;
/** The longest wait for a server that is away; milliseconds. */
const LONGEST_WAIT = 30_000;

const filters = nouns.events.filters.filter(({ name }) => !["since", "until"].includes(name));

export function defineEventCommands(group: Command): void {
  define(group, {
    name: "tail",
    summary: "Print events as they happen, until Ctrl+C; with --json a JSON document a line",
    example: "events tail --since 10m --type license.created --json",
    options: [
      ...optionsOf(filters, () => false),
      { flags: "--since <time>", description: "begin there: 10m, 2h, 7d ago, or a time", parse: timeOrAge },
      { flags: "--count <number>", description: "end after so many events", parse: wholeNumber },
    ],
    rights: "remote",
    async run(_, options) {
      const api = await connect(options);
      const query = await valuesOf(api, filters, options);
      let left: number = options.count ?? Infinity;
      if (left === 0) return null;
      for await (const event of follow(api, query, options.since ?? null)) {
        await print(options.json ? JSON.stringify(event) : describe(event));
        if (--left <= 0) break;
      }
      Deno.exitCode = exitCodes.ok;
      return null;
    },
  });
}

/** Every event since the time, or from now on, once. */
async function* follow(api: Api, query: object, since: Date | null): AsyncGenerator<Json> {
  const seen = new Map<number, number>();
  let from = since?.getTime() ?? null;
  let newest = from ?? 0;
  /** What is not later was there before the beginning. */
  let begin = since === null ? null : -Infinity;
  for (let failures = 0;;) {
    try {
      if (from === null) {
        const { rows: [last] } = await api.call("GET", "/api/admin/events", {
          query: { sort: "-id", limit: 1 },
        });
        newest = last ? Date.parse(last.occurred_at) : 0;
        begin = newest;
        from = newest - OVERLAP;
      }
      for await (const event of eventsSince(api, query, from)) {
        const time = Date.parse(event.occurred_at);
        newest = Math.max(newest, time);
        if (seen.has(event.id)) continue;
        seen.set(event.id, time);
        if (time > begin!) yield event;
      }
      // Later looks find what was committed late, with a time before the beginning.
      begin = -Infinity;
      failures = 0;
      from = Math.max(from, newest - OVERLAP);
      for (const [id, time] of seen) if (time < from) seen.delete(id);
      await pause(POLL);
    } catch (error) {
      if (!(error instanceof CommandError && error.exitCode === exitCodes.notReached)) throw error;
      const wait = Math.min(LONGEST_WAIT, 1000 * 2 ** failures++);
      await say(`${error.message} Trying again in ${wait / 1000} s.`);
      await pause(wait);
    }
  }
}

async function* eventsSince(api: Api, query: object, from: number): AsyncGenerator<Json> {
  const since = new Date(from).toISOString();
  let cursor: string | undefined;
  while (true) {
    const page = await api.call("GET", "/api/admin/events", {
      query: { ...query, since, sort: "id", limit: 200, cursor },
    });
    yield* page.rows;
    if (page.next === null) return;
    cursor = page.next;
  }
}

function describe(
  { occurred_at, type, subject_kind, subject_id, license_key, customer_name, actor_kind, actor_name }: Json,
) {
  const about = [license_key, customer_name].filter(Boolean).map(cell).join(", ");
  return `${occurred_at}  ${bold(type)}  ${subject_kind} ${subject_id}${about && ` (${about})`} by ${
    cell(actor_name ?? actor_kind)
  }`;
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
