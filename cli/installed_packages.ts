// The packages that are installed for the server, the panel and the embedded databases: exact versions and hashes from the
// lock files, licenses from the packages themselves.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import process from "node:process";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Folders with packages that are part of what is shipped; those of tests are not. */
export const shippedFolders = [".", "web", "db/embedded"];

export interface InstalledPackage {
  name: string;
  version: string;
  /** SHA-512 of its archive, in hexadecimal. */
  sha512: string;
  /** An SPDX expression, or null when the package names none. */
  license: string | null;
  /** Packages it needs, as "name@version". */
  dependencies: string[];
}

interface LockedPackage {
  integrity: string;
  dependencies?: string[];
  optionalDependencies?: string[];
  os?: string[];
  cpu?: string[];
}

interface Lock {
  npm: Record<string, LockedPackage>;
}

/**
 * Lists the installed packages of a folder, in the order of their names. Packages for other platforms are left out.
 *
 * @throws Error when a package of the lock file is not installed: `deno task install` installs it
 */
export async function listInstalledPackages(folder: string): Promise<InstalledPackage[]> {
  const lockFile = join(root, folder, folder === "." ? "deno.lock" : "packages.lock");
  const { npm }: Lock = JSON.parse(await Deno.readTextFile(lockFile));
  const ids = new Map(Object.keys(npm).map((key) => [idOf(key), npm[key]]));
  const versions = Map.groupBy(ids.keys(), (id) => id.slice(0, id.lastIndexOf("@")));
  const packages: InstalledPackage[] = [];
  for (const [id, locked] of ids) {
    if (!runsHere(locked)) continue;
    const at = id.lastIndexOf("@");
    const [name, version] = [id.slice(0, at), id.slice(at + 1)];
    packages.push({
      name,
      version,
      sha512: Uint8Array.fromBase64(locked.integrity.replace(/^sha512-/, "")).toHex(),
      license: await readLicense(join(root, folder), name, version),
      dependencies: [...locked.dependencies ?? [], ...locked.optionalDependencies ?? []].flatMap((key) => {
        // A name alone where the lock file has one version of it.
        const wanted = ids.has(idOf(key)) ? [idOf(key)] : versions.get(idOf(key)) ?? [];
        return wanted.filter((id) => runsHere(ids.get(id)!));
      }).sort(),
    });
  }
  return packages.sort((a, b) => `${a.name}@${a.version}` < `${b.name}@${b.version}` ? -1 : 1);
}

/** "@hono/node-server@2.1.5" of "@hono/node-server@2.1.5_hono@4.13.13", which names its peers as well. */
function idOf(key: string): string {
  const version = key.indexOf("@", 1);
  const peers = version < 0 ? -1 : key.indexOf("_", version);
  return peers < 0 ? key : key.slice(0, peers);
}

function runsHere({ os, cpu }: LockedPackage): boolean {
  return (!os || os.includes(process.platform)) && (!cpu || cpu.includes(process.arch));
}

async function readLicense(folder: string, name: string, version: string): Promise<string | null> {
  const path = join(
    ...[folder, "node_modules/.deno", `${name.replace("/", "+")}@${version}`],
    ...["node_modules", name, "package.json"],
  );
  const { license, licenses } = JSON.parse(await Deno.readTextFile(path));
  return license?.type ?? license ?? licenses?.map(({ type }: { type: string }) => type).join(" OR ") ?? null;
}
