// Devices of license files: the same, parts changed, placeholders, and each way of matching.
import { issuedMachine } from "./placeholders.ts";
import { type FileCase, fileCase } from "./cases.ts";
import { COMPONENTS, fileWith, FINGERPRINT, hashOf, machine } from "./samples.ts";

const matches = ["exact", "any", "two", "most", "all"] as const;

/** How many of so many components have to be the same. */
const needed: Record<typeof matches[number], (count: number) => number> = {
  exact: () => Infinity,
  any: () => 1,
  two: () => 2,
  most: (count) => Math.floor(count / 2) + 1,
  all: (count) => count,
};

/** Components, of which one has a name that objects have. */
const four = { ...COMPONENTS, ["__proto__"]: "p-64" };

/** A device of which so many of these components are the same. */
function deviceWith(components: Record<string, string>, same: number) {
  return {
    fingerprint: "new",
    components: Object.fromEntries(
      Object.entries(components).map(([name, value], index) => [name, index < same ? value : "new"]),
    ),
  };
}

export function deviceCases(): Promise<FileCase>[] {
  const file = fileWith();
  const of = (
    name: string,
    reason: string,
    result: string,
    machine: unknown,
    device: { fingerprint?: string; components?: Record<string, string> },
  ) => fileCase(name, reason, fileWith({ machine }), result, { device });
  const other = (name: string, reason: string, fingerprint: string) =>
    fileCase(name, reason, file, "other_machine", { device: { fingerprint } });
  const any = machine("any", COMPONENTS);
  return [
    fileCase("the same device", "Its fingerprint is the same.", file, "valid", {
      device: { components: {} },
    }),
    other("another fingerprint", "The file was copied.", "other"),
    other("no fingerprint", "It is another one.", ""),
    other("the fingerprint in capitals", "It is compared as it is.", FINGERPRINT.toUpperCase()),
    other("the fingerprint with a blank", "It is compared as it is.", `${FINGERPRINT} `),
    of(
      "a fingerprint that is no ASCII",
      "Text is UTF-8.",
      "valid",
      { ...machine("exact"), fingerprint: hashOf("fingerprint", "Gerät-😀") },
      { fingerprint: "Gerät-😀" },
    ),
    of(
      "a long fingerprint",
      "It has at most 255 characters.",
      "valid",
      { ...machine("exact"), fingerprint: hashOf("fingerprint", "é".repeat(255)) },
      { fingerprint: "é".repeat(255) },
    ),
    ...matches.flatMap((match) => [
      of(`${match}: the same fingerprint`, "Components do not matter then.", "valid", machine(match, four), {
        components: {},
      }),
      ...[COMPONENTS, four].flatMap((components) => {
        const count = Object.keys(components).length;
        return Array.from({ length: count + 1 }, (_, same) =>
          of(
            `${match}: another fingerprint, ${same} of ${count} components the same`,
            `${same} of ${count} are the same.`,
            same >= needed[match](count) ? "valid" : "other_machine",
            machine(match, components),
            deviceWith(components, same),
          ));
      }),
      of(
        `${match}: without components`,
        "None is the same.",
        "other_machine",
        machine(match),
        { fingerprint: "new" },
      ),
      of(
        `${match}: on a device without components`,
        "None is the same.",
        "other_machine",
        machine(match, COMPONENTS),
        { fingerprint: "new", components: {} },
      ),
    ]),
    of("all: with one more of its own", "The file's components count.", "valid", machine("all", COMPONENTS), {
      fingerprint: "new",
      components: { ...COMPONENTS, cpu: "c-1" },
    }),
    of("any: components with exchanged names", "A value counts under its name.", "other_machine", any, {
      fingerprint: "new",
      components: { board: "d-82", disk: "m-93", mac: "b-71" },
    }),
    of(
      "any: a component of the name fingerprint",
      "The names of hashes are different.",
      "other_machine",
      any,
      {
        fingerprint: "new",
        components: { fingerprint: FINGERPRINT },
      },
    ),
    of(
      "any: names that objects have",
      "The device has no such components.",
      "other_machine",
      machine("any", { toString: "x", constructor: "y" }),
      { fingerprint: "new", components: {} },
    ),
    of(
      "any: a component in other letters",
      "Text is UTF-8.",
      "valid",
      machine("any", { "Gehäuse": "工作站" }),
      { fingerprint: "new", components: { "Gehäuse": "工作站" } },
    ),
    of("any: an empty component", "It is a value as others.", "valid", machine("any", { board: "" }), {
      fingerprint: "new",
      components: { board: "" },
    }),
    of(
      "placeholders of the device",
      "The server leaves placeholders out, so they are never the same.",
      "other_machine",
      issuedMachine("any", { board: "To be filled by O.E.M.", disk: "d-82" }),
      { fingerprint: "new", components: { board: "To be filled by O.E.M.", disk: "new" } },
    ),
    of(
      "only placeholders",
      "What is left is the fingerprint alone.",
      "other_machine",
      issuedMachine("any", { board: "Default string" }),
      { fingerprint: "new", components: { board: "Default string" } },
    ),
  ];
}
