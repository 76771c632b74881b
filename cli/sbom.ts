// The software bill of materials in the format CycloneDX 1.6 (ECMA-424): what is part of the server, the panel and the
// embedded databases, with licenses and hashes. The same tree gives the same text.
import manifest from "../deno.json" with { type: "json" };
import { type InstalledPackage, listInstalledPackages, shippedFolders } from "./installed_packages.ts";

const rootRef = `pkg:generic/latchkey@${manifest.version}`;

/**
 * Writes the bill of materials.
 *
 * @throws Error when packages are not installed
 */
export async function writeSbom(): Promise<string> {
  const perFolder = await Promise.all(shippedFolders.map(listInstalledPackages));
  // A package that two folders have is one component.
  const packages = new Map(perFolder.flat().map((one) => [refOf(one.name, one.version), one]));
  const refs = [...packages.keys()].sort();
  return JSON.stringify(
    {
      bomFormat: "CycloneDX",
      specVersion: "1.6",
      version: 1,
      metadata: {
        component: {
          type: "application",
          "bom-ref": rootRef,
          name: "latchkey",
          version: manifest.version,
          licenses: [{ license: { id: "Apache-2.0" } }],
        },
      },
      components: refs.map((ref) => component(ref, packages.get(ref)!)),
      dependencies: [
        { ref: rootRef, dependsOn: refs.filter((ref) => !isNeededByOthers(ref, packages)) },
        ...refs.map((ref) => ({ ref, dependsOn: packages.get(ref)!.dependencies.map(refOfId) })),
      ],
    },
    null,
    2,
  ) + "\n";
}

function component(ref: string, { name, version, sha512, license }: InstalledPackage) {
  const [group, short] = name.startsWith("@") ? name.split("/") : [undefined, name];
  return {
    type: "library",
    "bom-ref": ref,
    ...(group ? { group } : {}),
    name: short,
    version,
    purl: ref,
    hashes: [{ alg: "SHA-512", content: sha512 }],
    ...(license
      ? { licenses: [/[\s()]/.test(license) ? { expression: license } : { license: { id: license } }] }
      : {}),
  };
}

function isNeededByOthers(ref: string, packages: Map<string, InstalledPackage>): boolean {
  return [...packages.values()].some(({ dependencies }) => dependencies.map(refOfId).includes(ref));
}

function refOfId(id: string): string {
  const at = id.lastIndexOf("@");
  return refOf(id.slice(0, at), id.slice(at + 1));
}

/** A package URL: the "@" of a scope is written "%40". */
function refOf(name: string, version: string): string {
  return `pkg:npm/${name.replace("@", "%40")}@${version}`;
}
