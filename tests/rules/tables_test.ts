// Rules 3 and 8: every table has one room that writes it, every constraint a name of ours, and every row type says of
// its table what the database says.
import { cloneStores } from "../support/database.ts";
import { test } from "../support/test.ts";
import { assertNone, code, find, type Source, sources, under, withoutComments } from "./source.ts";

/** Who writes a table: a folder, or a file that stands alone. */
const rooms: Record<string, string> = {
  activations: "server/domain/activations/",
  api_keys: "server/domain/accounts/",
  customers: "server/domain/customers.ts",
  events: "server/domain/events.ts",
  idempotency_keys: "server/domain/idempotency.ts",
  licenses: "server/domain/licenses/",
  migrations: "db/migrate.ts",
  plans: "server/domain/products.ts",
  products: "server/domain/products.ts",
  releases: "server/domain/releases.ts",
  seats: "server/domain/activations/",
  settings: "server/domain/settings.ts",
};

/** Columns that another room may update. */
const exceptions = [{
  table: "licenses",
  column: "activations_in_use",
  room: "server/domain/activations/",
  because: "the count of places is part of taking and freeing one, and is one statement with it",
}];

/** Tables without a row type. */
const withoutRowType: Record<string, string> = {
  events: "written from selects, and read a few columns at a time",
  migrations: "known to db alone, which has no rows of the domain",
  settings: "names and values; what a value may be is in the schema of server/domain/settings.ts",
};

/** What postgres.js makes of a column's type, with the parsers of db/connect.ts. */
const typeOf: Record<string, string> = {
  bool: "boolean",
  bytea: "Uint8Array",
  citext: "string",
  date: "string",
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
    select table_name from information_schema.tables where table_type = 'BASE TABLE'
  )
  order by table_name, ordinal_position`;
const named = await db<{ table: string; name: string }[]>`
  select conrelid::regclass::text as table, conname as name
  from pg_constraint
  where connamespace = 'public'::regnamespace and conrelid <> 0 and contype in ('c', 'u', 'x')
  union all
  select tablename, indexname
  from pg_indexes
  where schemaname = 'public'`;
await db.end();
const tables = new Set(columns.map(({ table }) => table));

test("every table has a room that writes it", () => {
  const here = "Correct `rooms` in tests/rules/tables_test.ts:";
  assertNone([...tables].filter((table) => !(table in rooms)).map((table) => `${table} is not there`), here);
  assertNone(
    Object.keys(rooms).filter((table) => !tables.has(table)).map((table) => `there is no ${table}`),
    here,
  );
});

/** Statements that write, on sources without comments. A locking clause ("for update of l") is none of them. */
const write =
  /(?<!\b(?:for|do|key)\s+)\b(insert\s+into|update|delete\s+from|merge\s+into|truncate(?:\s+table)?|copy)\s+(?:only\s+)?(\w+|\$\{)/g;
const written = code.filter(({ path }) => under("db/", "server/", "worker/")(path)).map(withoutComments);

test("only a table's own room inserts, updates or deletes", () => {
  const broken: string[] = [];
  for (const source of written) {
    for (const { at, found } of find(source, write)) {
      const [statement, , table] = found;
      if (!tables.has(table) || under(rooms[table])(source.path)) continue;
      if (isExcepted(source, found)) continue;
      broken.push(`${at} says "${statement}": call a verb of ${rooms[table]}`);
    }
  }
  assertNone(broken, "Only its own room writes a table:");
});

/** Whether it is an update that sets nothing but columns open to this room. */
function isExcepted(
  { path, text }: Source,
  { 0: statement, 1: verb, 2: table, index }: RegExpMatchArray,
): boolean {
  const allowed = exceptions.filter((entry) => entry.table === table && under(entry.room)(path));
  const clause = text.slice(index! + statement.length).match(
    /^(?:\s+(?:as\s+)?\w+)??\s+set\s([^]*?)(?:\s(?:from|where|returning)\s|`)/,
  );
  const set = [...clause?.[1].matchAll(/(?:^|,)\s*(\w+)\s*=/g) ?? []].map(([, column]) => column);
  return verb === "update" && set.length > 0 &&
    set.every((name) => allowed.some(({ column }) => column === name));
}

test("every exception to that is still needed", () => {
  assertNone(
    exceptions.filter(({ table, column, room }) =>
      !written.some(({ path, text }) =>
        under(room)(path) && new RegExp(`update\\s+${table}\\s+set\\s[^\`;]*\\b${column}\\s*=`).test(text)
      )
    ).map(({ table, column, room }) => `${room} does not write ${table}.${column}`),
    "Take it out of `exceptions` in tests/rules/tables_test.ts:",
  );
});

test("SQL that writes names its table", () => {
  assertNone(
    written.flatMap((source) => find(source, /\b(?:insert\s+into|delete\s+from|merge\s+into)\s+\$\{/g)).map((
      { at },
    ) => at),
    "Write the table's name out, so that whoever looks for its writers finds them:",
  );
});

test("every constraint and index has a name we chose", () => {
  const generated = /_(?:key|check|excl|idx)\d*$/;
  assertNone(
    named.filter(({ name }) => generated.test(name)).map(({ table, name }) => {
      const migration = sources.find(({ path, text }) =>
        path.endsWith(".sql") && new RegExp(`^(?:create|alter) table (?:only )?${table}\\b`, "m").test(text)
      );
      return `${migration?.path}: ${name} of ${table}`;
    }),
    "A refusal is made of a constraint's name. Write `constraint table_what_holds …`, or `create index table_by_what …`:",
  );
});

interface RowType {
  at: string;
  name: string;
  table: string;
  fields: Map<string, string>;
}

const declaration =
  /\/\*\*(?:(?!\*\/)[^])*?\bA row of `(?<table>\w+)`(?:(?!\*\/)[^])*\*\/\s*export interface (?<name>\w+) \{\n(?<body>[^]*?)^\}/gm;

const rowTypes: RowType[] = code.filter(({ path }) => under("db/", "server/", "worker/")(path)).flatMap((
  source,
) =>
  find(source, declaration).map(({ at, found }) => {
    const { table, name, body } = found.groups!;
    return { at, name, table, fields: fieldsOf(withoutComments({ path: source.path, text: body }).text) };
  })
);

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

test("every table has a row type, or a reason for having none", () => {
  const described = new Set(rowTypes.map(({ table }) => table));
  const here = "Correct the row types, or `withoutRowType` in tests/rules/tables_test.ts:";
  assertNone([
    ...[...tables].filter((table) => described.has(table) === table in withoutRowType).map((table) =>
      described.has(table)
        ? `${table} has a row type by now`
        : `${table} has no \`/** A row of \\\`${table}\\\`. */ export interface …Row\``
    ),
    ...[...described, ...Object.keys(withoutRowType)].filter((table) => !tables.has(table)).map((table) =>
      `there is no table ${table}`
    ),
  ], here);
});

test("every row type is called …Row, and every interface called …Row says of which table", () => {
  const known = new Set(rowTypes.map(({ name }) => name));
  assertNone([
    ...rowTypes.filter(({ name }) => !name.endsWith("Row")).map(({ at, name }) => `${at}: ${name}`),
    ...written.flatMap((source) => find(source, /^(?:export )?interface (\w+Row)\b/gm))
      .filter(({ found }) => !known.has(found[1])).map(({ at, found }) => `${at}: ${found[1]}`),
  ], 'A row type is an exported interface "…Row" under the comment "A row of `table`.":');
});

for (const { at, name, table, fields } of rowTypes) {
  test(`${name} is a row of ${table} as the database has it`, () => {
    const broken: string[] = [];
    const expected = columns.filter((column) => column.table === table);
    for (const column of expected) {
      const field = camel(column.name);
      const type = fields.get(field);
      if (type === undefined) broken.push(`${field} is missing: ${column.name} is ${describe(column)}`);
      else if (!fits(type, column)) broken.push(`${field} is ${type}: ${column.name} is ${describe(column)}`);
    }
    for (const field of fields.keys()) {
      if (!expected.some((column) => camel(column.name) === field)) {
        broken.push(`${field} is no column of ${table}`);
      }
    }
    assertNone(broken, `Correct ${name} at ${at}:`);
  });
}

function camel(name: string): string {
  return name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function describe({ type, nullable }: Column): string {
  return `${type.replace(/^_(.*)/, "$1[]")}${nullable ? "" : " not null"}`;
}

function fits(written: string, column: Column): boolean {
  const parts = written.replace(/^\|/, "").split("|").map((part) => part.trim());
  const types = parts.filter((part) => part !== "null");
  if (column.type === "jsonb") {
    return types.length > 0 && (column.nullable === parts.includes("null") || written === "unknown");
  }
  const wanted = typeOf[column.type];
  if (wanted === undefined) throw new Error(`Say in \`typeOf\` what postgres.js makes of ${column.type}.`);
  return column.nullable === parts.includes("null") && types.length > 0 &&
    types.every((type) => isA(type, wanted));
}

/** A union of texts is text, and so is a type that is called by a name of its own. */
function isA(type: string, wanted: string): boolean {
  if (type === wanted) return true;
  if (wanted === "string[]") return type.endsWith("[]") && isA(type.slice(0, -2), "string");
  return wanted === "string" && (/^"[^"]*"$/.test(type) || isNamedText(type));
}

function isNamedText(name: string): boolean {
  return code.some(({ text }) =>
    new RegExp(
      `^export type ${name} =\\s*(?:\\|\\s*)?(?:"|\\(typeof |keyof |z\\.infer|Exclude<|Extract<)`,
      "m",
    ).test(text)
  );
}
