// Devices from parts of a machine: the hashes, and which values identify no machine.
import { createHash } from "node:crypto";
import type { Case } from "./cases.ts";

/** Parts by name, in order; null where the machine has none. */
export interface MachineGiven {
  product: string;
  parts: [name: string, value: string | null][];
}

/** Null: no part identifies the machine. */
export type MachineExpected = { fingerprint: string; components: Record<string, string> } | null;

const hash = (...texts: string[]) => createHash("sha256").update(texts.join("\n")).digest("hex");

/** @param kept the values that count, by name, without the blanks around them */
function deviceOf(product: string, kept: [string, string][]): MachineExpected {
  const components = kept.map(([name, value]) => [name, hash(product, name, value).slice(0, 32)]);
  if (components.length === 0) return null;
  return {
    fingerprint: hash(product, "fingerprint", components[0][1]),
    components: Object.fromEntries(components),
  };
}

const ID = "4c4c4544-0042-3510-8052-b4c04f4d3132";
const letters = "Case does not matter, nor does ASCII that is no letter or digit.";
const firmware = "Firmware says so where nothing was filled in.";

const placeholders: [reason: string, ...values: string[]][] = [
  [firmware, "To be filled by O.E.M.", "Default string", "Default", "System Serial Number", "None", "OEM"],
  [
    firmware,
    "Not Specified",
    "Not Present",
    "Not Settable",
    "Not Available",
    "Not Applicable",
    "N/A",
    "null",
  ],
  [firmware, "unknown", "undefined", "INVALID", "No Asset Tag", "Asset Tag", "Generic", "Serial Number"],
  [firmware, "Base Board Serial Number", "Board Serial Number", "Chassis Serial Number", "To Be Filled"],
  ["A virtual machine, or an image that was not started yet, has it.", "Virtual Machine", "uninitialized"],
  ["Boards of one maker have it.", "03000200-0400-0500-0006-000700080009"],
  ["Boards of one maker have it.", "00020003-0004-0005-0006-000700080009"],
  [
    letters,
    "TO BE FILLED BY O.E.M.",
    "to-be-filled-by-oem",
    " default\tstring ",
    "(none)",
    "n.a.",
  ],
  ["There is nothing.", "", " ", "\t\r\n", "---", "?"],
  ["Zeros.", "0", "00:00:00:00:00:00", "00000000-0000-0000-0000-000000000000"],
  ["Every bit is set.", "ffff", "FF:FF:FF:FF:FF:FF", "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF"],
  ["It is masked.", "xxx", "XXXX-XXXX"],
  ["One letter or digit eight times or more.", "11111111", "aaaaaaaa", "AAAA-AAAA-AAAA", "aAaAaAaA"],
  ["Digits in their order.", "123456789", "0123456789", "1234567890", "3456789", "00123456789012345"],
];

const values: [reason: string, ...values: string[]][] = [
  ["It identifies the machine.", ID, "VMware-56 4d 3e", "/3F2K1H2/CN7/", "S3Z9NB0K"],
  ["It is no placeholder as a whole.", "none1", "default string 7", "xx", "fff", "1111111", "ffffe", "0001"],
  ["Digits in another order.", "12345678", "23456789a", "987654321", "456789"],
  [
    "Letters beyond ASCII are compared as they are.",
    "Ünbekannt",
    "主板",
    "ＮＯＮＥ",
    "none\u00a0",
    "ÄÄÄÄÄÄÄÄ",
    "🖥",
  ],
];

export function machineCases(): Case<MachineGiven, MachineExpected>[] {
  const make = (
    name: string,
    reason: string,
    parts: MachineGiven["parts"],
    kept: [string, string][],
    product = "painter",
  ) => ({ name, reason, given: { product, parts }, expected: deviceOf(product, kept) });
  const system: [string, string] = ["system", ID];
  const board: [string, string] = ["board", "/3F2K1H2/CN7/"];
  return [
    make("one part", "It is the fingerprint as well.", [system], [system]),
    make("three parts", "The first one is the fingerprint.", [system, board, ["mac", "00:1b:21:3a:4c:5d"]], [
      system,
      board,
      ["mac", "00:1b:21:3a:4c:5d"],
    ]),
    make("the parts in another order", "The fingerprint is another one.", [board, system], [board, system]),
    make("another product", "No two vendors can compare them.", [system], [system], "writer"),
    make("a product in other letters", "Text is UTF-8.", [system], [system], "Zeichnen-画"),
    make("the same value under another name", "The name is hashed too.", [["disk", ID]], [["disk", ID]]),
    make("a name in other letters", "Text is UTF-8.", [["Gehäuse", ID]], [["Gehäuse", ID]]),
    make("a part that the machine has not", "It is left out.", [["board", null], system], [system]),
    make("a placeholder before another part", "It is left out.", [["board", "Default string"], system], [
      system,
    ]),
    make("a placeholder after another part", "It is left out.", [system, ["board", "None"]], [system]),
    make("no parts", "Nothing identifies the machine.", [], []),
    make("no part that the machine has", "Nothing identifies the machine.", [["system", null]], []),
    make("only placeholders", "Nothing identifies the machine.", [["system", ""], ["board", "OEM"]], []),
    make("blanks around it", "They are left out.", [["system", ` \t${ID}\r\n`]], [system]),
    make("blanks inside it", "They stay.", [["board", "a  b"]], [["board", "a  b"]]),
    make("a line feed inside it", "It stays.", [["board", "a\nb"]], [["board", "a\nb"]]),
    make("a no-break space after it", "Blanks of ASCII alone are left out.", [["board", "b-71\u00a0"]], [
      ["board", "b-71\u00a0"],
    ]),
    make("capitals", "The value is hashed as it is.", [["system", ID.toUpperCase()]], [[
      "system",
      ID.toUpperCase(),
    ]]),
    make("a long value", "It is hashed as a whole.", [["board", "b-71 ".repeat(999)]], [
      ["board", "b-71 ".repeat(999).trim()],
    ]),
    ...placeholders.flatMap(([reason, ...texts]) =>
      texts.map((text) => make(`placeholder ${JSON.stringify(text)}`, reason, [["board", text]], []))
    ),
    ...values.flatMap(([reason, ...texts]) =>
      texts.map((text) => make(`value ${JSON.stringify(text)}`, reason, [["board", text]], [["board", text]]))
    ),
  ];
}
