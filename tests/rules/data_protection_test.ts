// What is stored about persons is known: every table is in the record of docs/operations/data_protection.md, every column of
// text and every field of an event is personal or not, and every encrypted column is listed.
import assert from "node:assert/strict";
import { z } from "zod";
import { personalFields } from "../../server/domain/data_protection/personal_fields.ts";
import { catalogue } from "../../server/domain/events/catalogue/catalogue.ts";
import type { EventDefinition } from "../../server/domain/events/catalogue/definition.ts";
import { termNames } from "../../server/domain/policy/inputs.ts";
import { storedSecrets } from "../../server/request/stored_secrets.ts";
import {
  impersonalColumns,
  impersonalTables,
  keptColumns,
  personalColumns,
} from "../support/personal_columns.ts";
import { test } from "../support/test.ts";
import { assertNone, code, find, sourceOf, under, withoutComments } from "./source.ts";

const RECORD = "docs/operations/data_protection.md";

/** Subjects of events that have to do with customers, users or leads. */
const persons = new Set(["activation", "anomaly", "contact", "customer", "lead", "license", "user"]);

/** Fields of their events that say nothing about a person. */
const impersonal = new Set([
  "activityId",
  "appVersion",
  "customerId",
  "daysLeft",
  "expiresAt",
  "factor",
  "failures",
  "fileId",
  "inUse",
  "isActive",
  "kind",
  "latestSeq",
  "leadId",
  "limit",
  ...termNames,
  "meter",
  "of",
  "origin",
  "periodEndsOn",
  "planId",
  "seq",
  "severity",
  "purpose",
  "stage",
  "subject",
  "threshold",
  "type",
  "startedWith",
  "updatesUntil",
  "used",
  "userId",
  "validFrom",
  "disableAt",
  "enableAt",
  "graceEnds",
  "updatesUntil",
  "validUntil",
]);

function fieldsOf(schema: z.ZodType | undefined): string[] {
  if (!schema) return [];
  const json = z.toJSONSchema(schema, { unrepresentable: "any" }) as Record<string, unknown>;
  const found: string[] = [];
  const visit = (value: unknown): void => {
    if (value === null || typeof value !== "object") return;
    const { properties, propertyNames, anyOf } = value as {
      properties?: Record<string, unknown>;
      propertyNames?: { enum?: string[] };
      anyOf?: unknown[];
    };
    found.push(...Object.keys(properties ?? {}), ...propertyNames?.enum ?? []);
    anyOf?.forEach(visit);
  };
  visit(json);
  return found;
}

test("every field of an event about a person is erased with the person, or says nothing about one", () => {
  const known = new Set<string>([...personalFields, ...impersonal]);
  const definitions: [string, EventDefinition][] = Object.entries(catalogue);
  const used = definitions.filter(([, { subject }]) => persons.has(subject)).flatMap(([type, definition]) =>
    [...fieldsOf(definition.before), ...fieldsOf(definition.after)].map((field) => ({ type, field }))
  );
  assert.ok(used.length > 50, "This test cannot read the catalogue any more.");
  assertNone(
    used.filter(({ field }) => !known.has(field)).map(({ type, field }) => `${field} of ${type}`),
    "Add it to `personalFields` of server/domain/data_protection/personal_fields.ts, or to `impersonal` here:",
  );
  const fields = new Set(used.map(({ field }) => field));
  assertNone([...impersonal].filter((field) => !fields.has(field)), "Remove it from `impersonal` here:");
});

/** The tables of the schema with their columns and types. */
const tables = [...sourceOf("db/schema.sql").matchAll(/^create (?:unlogged )?table (\w+) \(\n([^]*?)^\)/gm)]
  .map((
    [, name, body],
  ) => ({
    name,
    columns: [...body.matchAll(/^ {2}(\w+) ([a-z]\w*)/gm)].filter(([, column]) => column !== "constraint")
      .map(([, column, type]) => ({ column, type })),
  }));

test("the record of what is stored has every table, once, and no other", () => {
  assert.ok(tables.length > 40, "This test cannot read db/schema.sql any more.");
  const rows = sourceOf(RECORD).split("## Record of processing")[1].split("\n").filter((line) =>
    line.startsWith("| `")
  );
  const recorded = rows.flatMap((line) =>
    [...line.split("|")[1].matchAll(/`(\w+)`/g)].map(([, name]) => name)
  );
  assertNone([
    ...tables.filter(({ name }) => !recorded.includes(name)).map(({ name }) => `${name} is missing`),
    ...recorded.filter((name) => !tables.some((table) => table.name === name)).map((name) =>
      `there is no ${name}`
    ),
    ...recorded.filter((name, index) => recorded.indexOf(name) !== index).map((name) =>
      `${name} is there twice`
    ),
  ], `Say in ${RECORD} what is stored about persons, why and for how long:`);
});

test("every column of text is personal and erased, kept for a reason, or says nothing about a person", () => {
  const listed = [
    ...[personalColumns, impersonalColumns].flatMap((list) =>
      Object.entries(list).flatMap(([table, columns]) => columns.map((column) => `${table}.${column}`))
    ),
    ...Object.keys(keptColumns),
  ];
  const stored = tables.filter(({ name }) => !impersonalTables.includes(name)).flatMap(({ name, columns }) =>
    columns.filter(({ type }) => type === "text" || type === "jsonb").map(({ column }) => `${name}.${column}`)
  );
  assert.deepEqual(listed.toSorted(), stored.toSorted(), "Correct tests/support/personal_columns.ts.");
  assertNone(
    impersonalTables.filter((table) => !tables.some(({ name }) => name === table)),
    "Remove it from `impersonalTables`:",
  );
});

test("every program reads secrets of the previous keys as well", () => {
  const programs = code.filter(({ path }) => under("server/", "worker/", "cli/")(path)).map(withoutComments);
  assertNone(
    // The command that replaces the key finds out what has the current one.
    programs.filter(({ path }) => path !== "cli/latchkey/server/encryption_key.ts")
      .flatMap((source) => find(source, /(?<!function )createCipher\([^,()]*\)/g)).map(({ at }) => at),
    "Pass ENCRYPTION_KEY_PREVIOUS as well:",
  );
});

/** Columns of bytes that are not encrypted. */
const plain = /(_hash|_digest|^digest)$|^(webauthn|public_key|request|content)$/;

test("every encrypted column is listed, so that a restore can check its key", () => {
  const bytes = tables.flatMap(({ name, columns }) =>
    columns.filter(({ column, type }) => type === "bytea" && !plain.test(column)).map(({ column }) =>
      `${name}.${column}`
    )
  );
  const listed = storedSecrets.map(({ table, column }) => `${table}.${column}`);
  assert.deepEqual(
    listed.toSorted(),
    bytes.toSorted(),
    "Correct server/request/stored_secrets.ts, or `plain` here.",
  );
});
