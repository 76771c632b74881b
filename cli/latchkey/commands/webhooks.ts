// What is done with webhooks beside the commands of every noun: test, deliveries, replay, resend.
import type { Command } from "commander";
import { connect } from "../api.ts";
import { define } from "../define.ts";
import { findId } from "../find.ts";
import { cell, table } from "../terminal.ts";
import { timeOrAge, wholeNumber } from "../values.ts";

export function defineWebhookCommands(group: Command): void {
  define(group, {
    name: "test <webhook>",
    summary: "Send it an event of the type webhook.test",
    example: "webhooks test https://example.com/webhooks",
    rights: "remote",
    async run([text], options) {
      const api = await connect(options);
      const answer = await api.call(
        "POST",
        `/api/admin/webhooks/${await findId(api, "webhooks", text)}/test`,
      );
      return {
        json: answer,
        text: "An event is on its way; latchkey webhooks deliveries shows what becomes of it.",
      };
    },
  });

  define(group, {
    name: "deliveries <webhook>",
    summary: "Its deliveries, the newest first",
    example: "webhooks deliveries 3 --state failed",
    options: [
      { flags: "--state <state>", description: "waiting, delivered or failed" },
      { flags: "--limit <number>", description: "50 by default, 200 at most", parse: wholeNumber },
    ],
    rights: "remote",
    async run([text], options) {
      const api = await connect(options);
      const path = `/api/admin/webhooks/${await findId(api, "webhooks", text)}/deliveries`;
      const found = await api.call("GET", path, {
        query: { state: options.state, limit: options.limit ?? 50 },
      });
      const columns = ["id", "event_type", "state", "tries", "last_outcome", "due_at", "delivered_at"];
      const rows = found.rows.map((row: Record<string, unknown>) =>
        columns.map((column) => cell(row[column]))
      );
      return { json: found, text: rows.length === 0 ? "None." : table(columns, rows) };
    },
  });

  define(group, {
    name: "replay <webhook>",
    summary: "Send it the events of a time again, under their ids",
    example: "webhooks replay https://example.com/webhooks --since 2h",
    options: [
      {
        flags: "--since <time>",
        description: "10m, 2h, 7d ago, or a time",
        parse: timeOrAge,
        isRequired: true,
      },
      { flags: "--until <time>", description: "else up to now", parse: timeOrAge },
    ],
    rights: "remote",
    async run([text], options) {
      const api = await connect(options);
      const answer = await api.call(
        "POST",
        `/api/admin/webhooks/${await findId(api, "webhooks", text)}/replay`,
        {
          body: { since: options.since, until: options.until },
        },
      );
      return { json: answer, text: `${answer.due} deliveries are on their way.` };
    },
  });

  define(group, {
    name: "resend <delivery>",
    summary: "Send a delivery again, by its id",
    example: "webhooks resend 4711",
    rights: "remote",
    async run([id], options) {
      const answer = await (await connect(options)).call(
        "POST",
        `/api/admin/deliveries/${wholeNumber(id)}/replay`,
      );
      return { json: answer, text: `The delivery ${id} is on its way.` };
    },
  });
}
