// Taking changes over to values that others have saved since, without a browser.
import assert from "node:assert/strict";
import { conflictsOf, differing, follow, mergeLists, takeOver } from "../../web/lib/changes.ts";
import { test } from "../support/test.ts";

const seen = { name: "One", email: "", stage: "new" };
const edit = { seen, changed: { name: "Mine" }, revision: "1" };

test("another field that was changed is no conflict, and is kept", () => {
  const current = { ...seen, stage: "won" };
  assert.deepEqual(conflictsOf(edit, current), []);
  assert.deepEqual(takeOver(edit, { values: current, revision: "2" }), {
    seen: current,
    changed: { name: "Mine" },
    revision: "2",
  });
});

test("the same field is a conflict, unless both changed it to the same value", () => {
  assert.deepEqual(conflictsOf(edit, { ...seen, name: "Theirs" }), ["name"]);
  const equal = { values: { ...seen, name: "Mine" }, revision: "2" };
  assert.deepEqual(conflictsOf(edit, equal.values), []);
  assert.deepEqual(takeOver(edit, equal).changed, {});
});

test("a field whose person chose the current value is not sent", () => {
  const both = { ...edit, changed: { name: "Mine", email: "mine@example.com" } };
  const current = { values: { ...seen, name: "Theirs", email: "theirs@example.com" }, revision: "2" };
  assert.deepEqual(takeOver(both, current, { name: "current", email: "mine" }).changed, {
    email: "mine@example.com",
  });
});

test("a field whose value is not shown is in conflict when the one that tells of it differs", () => {
  const values = { headers: null as null | string[], mark: "a" };
  const replaced = { seen: values, changed: { headers: ["x"] }, revision: "1" };
  const markers = { headers: "mark" };
  assert.deepEqual(conflictsOf(replaced, values, markers), []);
  assert.deepEqual(conflictsOf(replaced, { headers: null, mark: "b" }, markers), ["headers"]);
});

test("an open form follows what others save, and keeps what it saw of a field in conflict", () => {
  const calm = follow(edit, { values: { ...seen, stage: "won" }, revision: "2" });
  assert.deepEqual(calm, { seen: { ...seen, stage: "won" }, changed: { name: "Mine" }, revision: "2" });
  const clash = follow(edit, { values: { name: "Theirs", email: "", stage: "won" }, revision: "2" });
  assert.deepEqual(clash, { seen: { ...seen, stage: "won" }, changed: { name: "Mine" }, revision: "1" });
  assert.deepEqual(conflictsOf(clash, { name: "Theirs", email: "", stage: "won" }), ["name"]);
});

test("only what differs counts as changed, whatever its type", () => {
  assert.deepEqual(differing({ a: [1, 2], b: null, c: undefined, d: "" }, { a: [1, 2], b: "", d: "" }), {
    b: null,
  });
});

test("what was added to a list and taken out of it is done to the list of now", () => {
  assert.deepEqual(mergeLists(["a", "b"], ["b", "c"], ["a", "b", "d"]), ["b", "d", "c"]);
  assert.deepEqual(mergeLists([], [{ name: "x" }], [{ name: "x" }]), [{ name: "x" }]);
});
