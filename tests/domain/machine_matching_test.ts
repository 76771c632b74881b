// Machines are recognised by their components: enough of them, more than any other machine has, and never two machines.
import assert from "node:assert/strict";
import { componentDigests, componentMark } from "../../server/domain/activations/components.ts";
import {
  type MachineMatching,
  recognise,
  type SharedComponents,
  sharesEnough,
} from "../../server/domain/policy/machine_matching.ts";
import fc from "../support/property.ts";
import { test } from "../support/test.ts";

const rules: MachineMatching[] = ["any", "two", "most", "all"];
type Parts = Record<string, string>;

/** What a machine has in common with an activation, whose components are `stored`. */
function compare(id: number, stored: Parts, sent: Parts): SharedComponents {
  const names = Object.keys(stored);
  return { id, shared: names.filter((name) => stored[name] === sent[name]).length, stored: names.length };
}

const names = ["board", "disk", "mac", "cpu"];
const machine = fc.record(Object.fromEntries(names.map((name) => [name, fc.constantFrom("a", "b", "c")])));

test("each rule asks for as many components as it says", () => {
  const cases: [number, number, MachineMatching[]][] = [
    [0, 0, []],
    [0, 3, []],
    [1, 1, ["any", "most", "all"]],
    [1, 2, ["any"]],
    [1, 3, ["any"]],
    [2, 2, ["any", "two", "most", "all"]],
    [2, 3, ["any", "two", "most"]],
    [2, 4, ["any", "two"]],
    [3, 4, ["any", "two", "most"]],
    [4, 4, ["any", "two", "most", "all"]],
  ];
  for (const [shared, stored, expected] of cases) {
    const passed = [...rules, "exact" as const].filter((rule) =>
      sharesEnough(rule, { id: 1, shared, stored })
    );
    assert.deepEqual(passed, expected, `${shared} of ${stored}`);
  }
});

test("two machines with the same parts' names are alike in both directions", () => {
  fc.assert(fc.property(machine, machine, fc.constantFrom(...rules), (one, other, rule) => {
    assert.equal(sharesEnough(rule, compare(1, one, other)), sharesEnough(rule, compare(2, other, one)));
  }));
});

test("a machine is recognised as one at most, in whatever order machines are compared, and never after a tie", () => {
  fc.assert(
    fc.property(
      fc.array(machine, { maxLength: 6 }),
      machine,
      fc.constantFrom(...rules),
      (all, sent, rule) => {
        const compared = all.map((stored, index) => compare(index + 1, stored, sent));
        const found = recognise(rule, compared);
        assert.equal(recognise(rule, compared.toReversed()), found);
        const candidates = compared.filter((each) => sharesEnough(rule, each));
        const most = candidates.filter((each) => candidates.every(({ shared }) => shared <= each.shared));
        assert.deepEqual(found, most.length === 1 ? most[0].id : null);
        // The same machine twice is two machines.
        if (found !== null) {
          const best = compared.find(({ id }) => id === found)!;
          assert.equal(recognise(rule, [...compared, { ...best, id: 99 }]), null);
        }
      },
    ),
  );
});

test("components are compared without case and punctuation, on one license only, and placeholders are left out", () => {
  const digests = componentDigests(1, {
    board: "AB-12 ",
    disk: "To Be Filled By O.E.M.",
    mac: "00:00:00:00:00:00",
  });
  assert.deepEqual([...digests.keys()], ["board"]);
  assert.deepEqual(componentDigests(1, { board: "ab12" }), digests);
  assert.notEqual(componentDigests(2, { board: "ab12" }).get("board"), digests.get("board"));
  assert.notEqual(componentDigests(1, { disk: "ab12" }).get("disk"), digests.get("board"));
});

test("the mark differs when components do, and not by the order in which they are sent", () => {
  const parts = fc.dictionary(fc.constantFrom(...names), fc.string({ maxLength: 4 }));
  fc.assert(fc.property(parts, parts, (one, other) => {
    const sorted = (parts: Parts) => JSON.stringify(Object.entries(parts).sort());
    assert.equal(componentMark(one) === componentMark(other), sorted(one) === sorted(other));
    assert.ok(Number.isSafeInteger(componentMark(one)) && componentMark(one) >= 0);
    assert.equal(componentMark(Object.fromEntries(Object.entries(one).reverse())), componentMark(one));
  }));
});
