// Devices: the same, one part changed, two changed, placeholders, each way of matching; and encrypted files.
import { issuedMachine } from "./placeholders.ts";
import { type Case, fileCase, type FileGiven } from "./cases.ts";
import { COMPONENTS, encrypted, fileClaims, fileWith, machine } from "./samples.ts";
import { foreignKey, signed } from "./signer.ts";

const matches = ["exact", "any", "two", "most", "all"] as const;

/** How many of three components have to be the same. */
const needed = { exact: 4, any: 1, two: 2, most: 2, all: 3 };

export async function deviceCases(): Promise<Case<FileGiven, string>[]> {
  const cases: Case<FileGiven, string>[] = [];
  for (const match of matches) {
    const file = await fileWith({ machine: machine(match, COMPONENTS) });
    cases.push(fileCase(`${match}: the same device`, "Its fingerprint is the same.", file, "valid", {
      device: { components: {} },
    }));
    for (const changed of [0, 1, 2, 3]) {
      const components = Object.fromEntries(
        Object.entries(COMPONENTS).map(([name, value], index) => [name, index < changed ? "new" : value]),
      );
      cases.push(fileCase(
        `${match}: another fingerprint, ${changed} of 3 components changed`,
        `${3 - changed} are the same.`,
        file,
        3 - changed >= needed[match] ? "valid" : "wrong_machine",
        { device: { fingerprint: "new", components } },
      ));
    }
  }
  const file = await fileWith();
  const all = await fileWith({ machine: machine("all", COMPONENTS) });
  const any = await fileWith({ machine: machine("any", COMPONENTS) });
  return [
    ...cases,
    fileCase("another fingerprint", "The file was copied.", file, "wrong_machine", {
      device: { fingerprint: "other" },
    }),
    fileCase("a fingerprint in another case", "It is compared as it is.", file, "wrong_machine", {
      device: { fingerprint: "9F86D081884C7D65" },
    }),
    fileCase(
      "all: without components",
      "None is the same.",
      await fileWith({ machine: machine("all") }),
      "wrong_machine",
      {
        device: { fingerprint: "new" },
      },
    ),
    fileCase("all: with one more of its own", "The file's components count.", all, "valid", {
      device: { fingerprint: "new", components: { ...COMPONENTS, cpu: "c-1" } },
    }),
    fileCase("any: components with exchanged names", "A value counts under its name.", any, "wrong_machine", {
      device: { fingerprint: "new", components: { board: "d-82", disk: "m-93", mac: "b-71" } },
    }),
    fileCase(
      "any: a component of the name fingerprint",
      "The names of hashes are different.",
      any,
      "wrong_machine",
      {
        device: { fingerprint: "new", components: { fingerprint: "9f86d081884c7d65" } },
      },
    ),
    fileCase(
      "a way of matching that is not known",
      "Nothing is assumed.",
      await fileWith({ machine: { ...machine("any", COMPONENTS), match: "three" } }),
      "invalid",
      {
        device: { fingerprint: "new" },
      },
    ),
    fileCase(
      "placeholders of the device",
      "The server leaves placeholders out, so they are never the same.",
      await fileWith({ machine: issuedMachine("any", { board: "To be filled by O.E.M.", disk: "d-82" }) }),
      "wrong_machine",
      {
        device: { fingerprint: "new", components: { board: "To be filled by O.E.M.", disk: "new" } },
      },
    ),
    fileCase(
      "only placeholders",
      "What is left is the fingerprint alone.",
      await fileWith({ machine: issuedMachine("any", { board: "Default string" }) }),
      "wrong_machine",
      {
        device: { fingerprint: "new", components: { board: "Default string" } },
      },
    ),
  ];
}

export async function encryptedCases(): Promise<Case<FileGiven, string>[]> {
  const jws = await signed("license-file+jwt", fileClaims());
  const file = encrypted(jws);
  const other = { device: { fingerprint: "other" } };
  const parts = await fileWithParts(jws);
  return [
    fileCase("encrypted", "License key and fingerprint are those of the call.", file, "valid"),
    fileCase(
      "encrypted, on another device",
      "Its key follows from the fingerprint.",
      file,
      "wrong_machine",
      other,
    ),
    fileCase(
      "encrypted, with another license key",
      "Its key follows from the license key.",
      file,
      "wrong_machine",
      {
        device: { license_key: "TEST-TEST-TEST-TES0" },
      },
    ),
    fileCase(
      "encrypted, with the license key in another case",
      "It is taken as it was sent.",
      file,
      "wrong_machine",
      {
        device: { license_key: "test-test-test-test" },
      },
    ),
    fileCase(
      "encrypted for the device, with the file of another",
      "What is inside is checked too.",
      encrypted(
        await signed(
          "license-file+jwt",
          fileClaims({ machine: { ...(fileClaims().machine as object), fingerprint: "x" } }),
        ),
      ),
      "wrong_machine",
    ),
    fileCase(
      "encrypted, signed by another vendor",
      "Encryption proves nothing.",
      encrypted(await signed("license-file+jwt", fileClaims(), { key: foreignKey })),
      "invalid",
    ),
    fileCase("encrypted twice", "What is inside is a JWS.", encrypted(file), "invalid"),
    fileCase(
      "another typ of JWE",
      "It is no license file.",
      encrypted(jws, { header: { typ: "JWE" } }),
      "invalid",
    ),
    fileCase(
      "another content",
      "It is no license file.",
      encrypted(jws, { header: { cty: "JWT" } }),
      "invalid",
    ),
    fileCase(
      "another encryption",
      "It is not known.",
      encrypted(jws, { header: { enc: "A128GCM" } }),
      "invalid",
    ),
    fileCase(
      "another way to the key",
      "It is not known.",
      encrypted(jws, { header: { alg: "PBES2-HS256+A128KW" } }),
      "invalid",
    ),
    fileCase("an edited ciphertext", "Its tag is wrong.", parts(3), "wrong_machine"),
    fileCase("an edited tag", "It is wrong.", parts(4), "wrong_machine"),
    fileCase("an edited nonce", "Its tag is wrong then.", parts(2), "wrong_machine"),
  ];
}

/** Encrypted files with the first character of one part changed. */
function fileWithParts(jws: string): (part: number) => string {
  const file = encrypted(jws);
  const [begin, ...lines] = file.trim().split("\n");
  const end = lines.pop();
  const content = lines.join("").split(".");
  return (part) => {
    const first = content[part][0] === "A" ? "B" : "A";
    const changed = content.map((text, index) => index === part ? first + text.slice(1) : text);
    return `${begin}\n${changed.join(".")}\n${end}\n`;
  };
}
