// Every row type has the columns of its table, with the types and nullability of the database.
import { z } from "zod";
import { givenTerms, termNames, type Terms } from "../../server/domain/policy/inputs.ts";
import postgres from "postgres";
import { cloneStores } from "../support/database.ts";
import { test } from "../support/test.ts";
import { assertNone, code, find, under, withoutComments } from "./source.ts";

/** Tables without a row type. */
const withoutRowType: Record<string, string> = {
  change_history: "only db reads it",
  changes: "only db reads it",
  migrations: "only db reads it",
  settings: "names and values; server/domain/settings has the schema of each value",
  signing_key_products: "a time for a key and a product; only conditions read it",
};

/** The TypeScript type of a column's type, with the parsers of db/connect.ts. */
const typeOf: Record<string, string> = {
  bool: "boolean",
  bytea: "Uint8Array",
  citext: "string",
  date: "CalendarDay",
  float8: "number",
  inet: "string",
  int2: "number",
  int4: "number",
  int8: "number",
  interval: "string",
  numeric: "string",
  text: "string",
  timestamptz: "Date",
  uuid: "string",
  xid8: "string",
  _int8: "number[]",
  _text: "string[]",
};

interface Column {
  table: string;
  name: string;
  type: string;
  nullable: boolean;
}

const { db } = await cloneStores();
const columns = await db<Column[]>`
  select table_name as table, column_name as name, udt_name as type, is_nullable = 'YES' as nullable
  from information_schema.columns
  where table_schema = 'public' and table_name in (
    select relname from pg_class where relkind in ('r', 'p') and not relispartition
  )
  order by table_name, ordinal_position`;
await db.end();
const tables = new Set(columns.map(({ table }) => table));
const written = code.filter(({ path }) => under("db/", "server/", "worker/")(path));

interface RowType {
  at: string;
  name: string;
  table: string;
  fields: Map<string, string>;
}

const declaration =
  /\/\*\*(?:(?!\*\/)[^])*?\bA row of `(?<table>\w+)`(?:(?!\*\/)[^])*\*\/\s*export interface (?<name>\w+)(?<terms> extends Terms)? \{\n(?<body>[^]*?)^\}/gm;

const rowTypes: RowType[] = written.flatMap((source) =>
  find(source, declaration).map(({ at, found }) => {
    const { table, name, terms, body } = found.groups!;
    const fields = fieldsOf(withoutComments({ path: source.path, text: body }).text);
    for (const term of terms ? termNames : []) fields.set(term, typeOfTerm(term));
    return { at, name, table, fields };
  })
);

/** The type of a term, from the schema of its input. */
function typeOfTerm(name: keyof Terms): string {
  const { type, anyOf } = z.toJSONSchema(givenTerms[name], { unrepresentable: "any" });
  const types = anyOf ? anyOf.map((part) => (part as { type: string }).type) : [type].flat();
  return types.map((one) => one === "integer" ? "number" : one).join(" | ");
}

/** The fields of an interface; a field's type may itself have braces. */
function fieldsOf(body: string): Map<string, string> {
  const fields = new Map<string, string>();
  let depth = 0;
  let field = "";
  for (const character of body) {
    if ("{[(<".includes(character)) depth++;
    if ("}])>".includes(character)) depth--;
    if (character !== ";" || depth > 0) {
      field += character;
      continue;
    }
    const [, name, type] = field.match(/^\s*(?:readonly\s+)?(\w+\??):\s*([^]*)$/) ?? [, field.trim(), ""];
    fields.set(name!, type!.trim());
    field = "";
  }
  return fields;
}

test("every table has a row type, or a reason for not having one", () => {
  const described = new Set(rowTypes.map(({ table }) => table));
  const here = "Correct the row types, or `withoutRowType` in tests/rules/row_types_test.ts:";
  assertNone([
    ...[...tables].filter((table) => described.has(table) === table in withoutRowType).map((table) =>
      described.has(table)
        ? `${table} has a row type`
        : `${table} has no \`/** A row of \\\`${table}\\\`. */ export interface …Row\``
    ),
    ...[...described, ...Object.keys(withoutRowType)].filter((table) => !tables.has(table)).map((table) =>
      `there is no table ${table}`
    ),
  ], here);
});

test("every row type is named …Row, and every exported …Row names its table", () => {
  const known = new Set(rowTypes.map(({ name }) => name));
  assertNone([
    ...rowTypes.filter(({ name }) => !name.endsWith("Row")).map(({ at, name }) => `${at}: ${name}`),
    ...written.map(withoutComments).flatMap((source) => find(source, /^export interface (\w+Row)\b/gm))
      .filter(({ found }) => !known.has(found[1])).map(({ at, found }) => `${at}: ${found[1]}`),
  ], 'A row type is an exported interface "…Row" under the comment "A row of `table`.":');
});

for (const { at, name, table, fields } of rowTypes) {
  test(`${name} has the columns of ${table}`, () => {
    const broken: string[] = [];
    const expected = columns.filter((column) => column.table === table);
    for (const column of expected) {
      const field = postgres.toCamel(column.name);
      const type = fields.get(field);
      if (type === undefined) broken.push(`${field} is missing: ${column.name} is ${describe(column)}`);
      else if (!fits(type, column)) broken.push(`${field} is ${type}: ${column.name} is ${describe(column)}`);
    }
    for (const field of fields.keys()) {
      if (!expected.some((column) => postgres.toCamel(column.name) === field)) {
        broken.push(`${field} is not a column of ${table}`);
      }
    }
    assertNone(broken, `Correct ${name} at ${at}:`);
  });
}

function describe({ type, nullable }: Column): string {
  return `${type.replace(/^_(.*)/, "$1[]")}${nullable ? "" : " not null"}`;
}

function fits(type: string, column: Column): boolean {
  const parts = type.replace(/^\|/, "").split("|").map((part) => part.trim());
  const types = parts.filter((part) => part !== "null");
  if (column.type === "jsonb") {
    return types.length > 0 && (column.nullable === parts.includes("null") || type === "unknown");
  }
  const wanted = typeOf[column.type];
  if (wanted === undefined) throw new Error(`Add the TypeScript type of ${column.type} to \`typeOf\`.`);
  return column.nullable === parts.includes("null") && types.length > 0 &&
    types.every((type) => isA(type, wanted));
}

/** Whether a type is assignable to another: a union of strings, or the name of such a union, is a string. */
function isA(type: string, wanted: string): boolean {
  if (type === wanted) return true;
  if (wanted === "string[]") return type.endsWith("[]") && isA(type.slice(0, -2), "string");
  return wanted === "string" && (/^"[^"]*"$/.test(type) || isNamedText(type));
}

function isNamedText(name: string): boolean {
  return code.some(({ text }) =>
    new RegExp(
      `^(?:export )?type ${name} =\\s*(?:\\|\\s*)?(?:"|\\(?typeof |keyof |z\\.infer|Exclude<|Extract<)`,
      "m",
    ).test(text)
  );
}
