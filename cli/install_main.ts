// `deno task install`: installs the packages of the named folders, in the versions of their lock files. The server's are in
// deno.json, those of other folders in a packages.json of their own, so that a program installs only what it needs.
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** What one folder needs, read from its two files. */
interface PackageList {
  folder: string;
  config: string;
  /** SHA-256 of both files. It is written down after an installation, and the same one is not installed again. */
  digest: string;
}

interface InstallResult {
  success: boolean;
  errors: string;
}

const root = fileURLToPath(new URL("..", import.meta.url));
/** Milliseconds between two dots of progress. */
const PROGRESS_INTERVAL = 1000;

const lists = await Promise.all(Deno.args.map(readList));
const installed = await Promise.all(lists.map(isInstalled));
const missing = lists.filter((_, index) => !installed[index]);
if (missing.length > 0) await installAll(missing);

async function readList(name: string): Promise<PackageList> {
  const folder = join(root, name);
  const [config, lock] = name === "." ? ["deno.json", "deno.lock"] : ["packages.json", "packages.lock"];
  const texts = await Promise.all([config, lock].map((file) => Deno.readTextFile(join(folder, file))));
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(texts.join("\0")));
  return { folder, config, digest: new Uint8Array(digest).toHex() };
}

function markerOf({ folder }: PackageList): string {
  return join(folder, "node_modules", ".installed");
}

async function isInstalled(list: PackageList): Promise<boolean> {
  return await Deno.readTextFile(markerOf(list)).catch(() => "") === list.digest;
}

async function installAll(missing: PackageList[]): Promise<void> {
  const startedAt = performance.now();
  write("Fetching dependencies …");
  const timer = setInterval(() => write("."), PROGRESS_INTERVAL);
  const results = await Promise.all(missing.map(install));
  clearInterval(timer);
  const failed = results.find(({ success }) => !success);
  if (failed) {
    write(" failed\n");
    console.error(failed.errors);
    if (failed.errors.includes("UnknownIssuer")) {
      console.error(
        "Neither Deno nor this machine trusts the certificate that was shown, as that of a company's proxy. Add its\n" +
          "authority to those of this machine, or name it in DENO_CERT, and start again.",
      );
    }
    Deno.exit(1);
  }
  write(` done (${Math.round((performance.now() - startedAt) / 1000)} s)\n`);
}

async function install(list: PackageList): Promise<InstallResult> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["install", "--quiet", "--frozen", "--node-modules-dir=auto", `--config=${list.config}`],
    cwd: list.folder,
    // Deno trusts its own certificate authorities; this adds those of the machine, such as a company's proxy.
    env: { DENO_TLS_CA_STORE: Deno.env.get("DENO_TLS_CA_STORE") ?? "system,mozilla" },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  if (success) await Deno.writeTextFile(markerOf(list), list.digest);
  return { success, errors: new TextDecoder().decode(stderr) };
}

function write(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(text));
}
