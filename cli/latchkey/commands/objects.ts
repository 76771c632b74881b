// The commands that nouns have by the table: list, show, create, update, disable, enable, delete, restore.
import type { Command } from "commander";
import { type Api, connect, type Json } from "../api.ts";
import { confirm } from "../ask.ts";
import { define, defineGroup, type Options, type Result } from "../define.ts";
import { flagOf, optionsOf, setOption, valuesOf } from "../field_options.ts";
import { findId, findOne } from "../find.ts";
import { type Noun, type NounName, nouns } from "../nouns.ts";
import { cell, fields, progressBar, table } from "../terminal.ts";
import { wholeNumber } from "../values.ts";

/** Rows of a list where no number is asked for. */
const ROWS = 50;
/** Rows of an answer of the server at most. */
const PAGE = 200;

/** Adds the group of a noun, with the commands that the table gives it. */
export function defineObjectCommands(program: Command, name: NounName): Command {
  const noun = nouns[name];
  const group = defineGroup(program, name, sentence(name), noun.one);
  defineList(group, name, noun);
  if (!noun.isListOnly) {
    define(group, {
      name: `show <${noun.one}>`,
      summary: `Show one, by id${noun.names.map((field) => ` or ${field}`).join("")}`,
      example: `${name} show ${exampleOf(noun)} --json`,
      rights: "remote",
      run: async ([text], options) => resultOf(await findOne(await connect(options), name, text)),
    });
  }
  if (noun.create) defineCreate(group, name, noun);
  if (noun.update) defineUpdate(group, name, noun);
  if (noun.toggles) defineToggles(group, name, noun);
  if (noun.remove) defineRemoval(group, name, noun);
  return group;
}

export const resultOf = (object: Json): Result => ({ json: object, text: fields(object) });

function defineList(group: Command, name: NounName, noun: Noun): void {
  define(group, {
    name: noun.isWhole ? "list" : "list [text]",
    summary: noun.isWhole ? "All of them" : "Those that have the text and pass the filters",
    example: `${name} list --json`,
    options: noun.isWhole ? [] : [
      ...optionsOf(noun.filters, () => false),
      { flags: "--sort <field>", description: "order; -field is descending" },
      { flags: "--limit <number>", description: `rows at most; ${ROWS} by default`, parse: wholeNumber },
      { flags: "--all", description: "all rows" },
    ],
    rights: "remote",
    async run([text], options) {
      const api = await connect(options);
      if (noun.isWhole) return listed(noun, await api.call("GET", noun.path));
      const filters = await valuesOf(api, noun.filters, options);
      return listed(
        noun,
        await readList(api, noun.path, { q: text, sort: options.sort, ...filters }, options),
      );
    },
  });
}

/** The rows of as many pages as are asked for. */
async function readList(api: Api, path: string, query: object, options: Options) {
  const most: number = options.all ? Infinity : options.limit ?? ROWS;
  const bar = progressBar("Rows");
  const rows: Json[] = [];
  let cursor: string | undefined;
  while (true) {
    const page = await api.call("GET", path, {
      query: { ...query, cursor, limit: Math.min(PAGE, most - rows.length) },
    });
    rows.push(...page.rows);
    cursor = page.next ?? undefined;
    if (cursor !== undefined && rows.length < most) {
      bar.show(rows.length, page.total_is_more ? null : page.total);
    } else {
      bar.end();
      return { rows, total: page.total, total_is_more: page.total_is_more, next: page.next };
    }
  }
}

function listed({ columns }: Noun, list: { rows: Json[]; total?: number; next?: string | null }): Result {
  const { rows, total, next } = list;
  if (rows.length === 0) return { json: list, text: "None." };
  const text = table(columns, rows.map((row) => columns.map((column) => cell(row[column]))));
  return {
    json: list,
    text: next ? `${text}\n\n${rows.length} of ${total}; --limit or --all shows more.` : text,
  };
}

function defineCreate(group: Command, name: NounName, noun: Noun): void {
  const all = noun.create!;
  const example = all.filter(({ isRequired }) => isRequired).map((field) => ` --${flagOf(field)} …`);
  define(group, {
    name: "create",
    summary: `Create a ${noun.one}`,
    example: name === "licenses"
      ? "licenses create --customer office@blueharbor.example --product paint --plan yearly"
      : `${name} create${example.join("")}`,
    options: [...optionsOf(all, ({ isRequired = false }) => isRequired), setOption],
    rights: "remote",
    async run(_, options) {
      const api = await connect(options);
      const defaults = Object.fromEntries(
        all.filter(({ otherwise }) => otherwise !== undefined).map((
          { name, otherwise },
        ) => [name, otherwise]),
      );
      const body = { ...defaults, ...await valuesOf(api, all, options) };
      return resultOf(await api.call("POST", noun.path, { body }));
    },
  });
}

function defineUpdate(group: Command, name: NounName, noun: Noun): void {
  define(group, {
    name: `update <${noun.one}>`,
    summary: "Change the fields that are given, and no others",
    example: `${name} update ${exampleOf(noun)} --set ${(noun.create ?? []).at(-1)?.name ?? "name"}=…`,
    options: [...optionsOf(noun.create ?? [], () => false), setOption],
    rights: "remote",
    async run([text], options) {
      const api = await connect(options);
      const body = await valuesOf(api, noun.create ?? [], options);
      return resultOf(await api.call("PATCH", `${noun.path}/${await findId(api, name, text)}`, { body }));
    },
  });
}

function defineToggles(group: Command, name: NounName, noun: Noun): void {
  for (const verb of ["disable", "enable"]) {
    define(group, {
      name: `${verb} <${noun.one}>`,
      summary: `${sentence(verb)} one`,
      example: `${name} ${verb} ${exampleOf(noun)}`,
      rights: "remote",
      async run([text], options) {
        const api = await connect(options);
        const path = `${noun.path}/${await findId(api, name, text)}`;
        await api.call("POST", `${path}/${verb}`);
        return resultOf(await api.call("GET", path));
      },
    });
  }
}

function defineRemoval(group: Command, name: NounName, noun: Noun): void {
  define(group, {
    name: `delete <${noun.one}>`,
    summary: name === "webhooks" ? "Delete one" : "Delete one; `restore` undoes it for 30 days",
    example: `${name} delete ${exampleOf(noun)} --yes`,
    rights: "remote",
    asks: true,
    async run([text], options) {
      const api = await connect(options);
      const { id } = await findOne(api, name, text);
      await confirm(`Delete the ${noun.one} ${text} (id ${id})?`, options.yes);
      await api.call("DELETE", `${noun.path}/${id}`);
      return { json: { id, deleted: true }, text: `Deleted the ${noun.one} ${id}.` };
    },
  });
  if (name === "webhooks") return;
  define(group, {
    name: "restore <id>",
    summary: "Undo a deletion",
    example: `${name} restore 12`,
    rights: "remote",
    async run([id], options) {
      const api = await connect(options);
      await api.call("POST", `${noun.path}/${wholeNumber(id)}/restore`);
      return resultOf(await api.call("GET", `${noun.path}/${id}`));
    },
  });
}

const sentence = (name: string) => name[0].toUpperCase() + name.slice(1).replaceAll("-", " ");

const exampleOf = ({ names }: Noun) =>
  ({ key: "7GZ4-K0QX-9M2T-VB6A", email: "office@blueharbor.example", code: "paint" } as Record<
    string,
    string
  >)[
    names[0]
  ] ?? "12";
