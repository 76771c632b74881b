// The tables of what Keygen and Cryptlex promise: each of their attributes is a field that exists here, or is declined with
// a reason.
import assert from "node:assert/strict";
import { termNames } from "../../server/domain/policy/inputs.ts";
import { columnOfTerm } from "../../server/domain/policy/term_columns.ts";
import { test } from "../support/test.ts";
import { assertNone, sourceOf } from "./source.ts";

const documents = { "docs/keygen_terms.md": 50, "docs/cryptlex_terms.md": 40 };

/** The names of the fields of plans, licenses and their requests. */
const fields = new Set([
  ...termNames.map(columnOfTerm),
  ...["Plan", "License"].flatMap((name) =>
    Object.keys(JSON.parse(sourceOf("openapi.json")).components.schemas[name].properties)
  ),
]);

for (const [path, minimum] of Object.entries(documents)) {
  const rows = [...sourceOf(path).matchAll(/^\| (.+?) +\| (.+?) +\| (.+?) +\|$/gm)].slice(1)
    .filter(([, , here]) => !/^-+$/.test(here));

  test(`${path} maps each attribute to a field that exists, or declines it with a reason`, () => {
    assert.ok(rows.length >= minimum, `${rows.length} attributes`);
    assertNone(
      rows.filter(([, , here, how]) =>
        how.length < 5 || (here !== "declined" && !fields.has(here.match(/^`(\w+)`$/)?.[1] ?? ""))
      ).map(([, attribute, here]) => `${attribute}: ${here}`),
      `Name a field of plans or licenses in ${path}, or decline the attribute with the reason:`,
    );
  });

  test(`${path} has each attribute once`, () => {
    const names = rows.map(([, attribute]) => attribute);
    assert.deepEqual(names, [...new Set(names)]);
  });
}

test("the names in the reasons are fields too, values of fields, or models of the source", () => {
  const known = new Set([...fields, "hardware_hash", "name", "code", "notes", "tags", "metadata"]);
  assertNone(
    Object.keys(documents).flatMap((path) =>
      [...sourceOf(path).matchAll(/`([a-z]+(?:_[a-z]+)+)`/g)].map(([, name]) => name).filter((name) =>
        !known.has(name) && !values.includes(name)
      ).map((name) => `${path} names ${name}`)
    ),
    "Correct the name:",
  );
});

/** Values of terms with a low line. */
const values = ["entitled_versions", "first_activation", "now_if_expired"];
