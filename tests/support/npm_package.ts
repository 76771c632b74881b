// The TypeScript library as npm packs and installs it, in an empty folder as an app's vendor would have it.
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const source = fileURLToPath(new URL("../../sdk/typescript/", import.meta.url));

/** Runs a program to its end. */
export async function run(
  program: string,
  args: string[],
  { cwd, env = {}, input }: { cwd: string; env?: Record<string, string>; input?: string },
): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = new Deno.Command(program, {
    args,
    cwd,
    env,
    stdin: input === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  if (input !== undefined) await new Response(input).body!.pipeTo(child.stdin);
  const { code, stdout, stderr } = await child.output();
  const text = new TextDecoder();
  return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}

/** Runs a program that has to succeed, and returns its output. */
export async function succeed(
  program: string,
  args: string[],
  options: Parameters<typeof run>[2],
): Promise<string> {
  const { code, stdout, stderr } = await run(program, args, options);
  if (code !== 0) throw new Error(`${program} ${args.join(" ")} ends with ${code}: ${stdout}${stderr}`);
  return stdout;
}

/** Packs the library, which builds it, and installs it without a network. @returns the app's folder, and a function that removes it */
export async function installPackage(): Promise<{ app: string; tsc: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "latchkey-npm-"));
  const copy = join(folder, "library"), app = join(folder, "app");
  await succeed("cp", ["-R", "--", source, copy], { cwd: folder });
  await rm(join(copy, "dist"), { recursive: true, force: true });
  const tsc = await linkTools(join(copy, "node_modules"));
  const env = { npm_config_cache: join(folder, "cache"), npm_config_update_notifier: "false" };
  await succeed("npm", ["pack", "--silent"], { cwd: copy, env });
  const [archive] = (await readdir(copy)).filter((name) => name.endsWith(".tgz"));
  await mkdir(app);
  await writeFile(join(app, "package.json"), '{ "name": "app", "private": true }\n');
  const options = ["--offline", "--no-audit", "--no-fund", "--silent"];
  await succeed("npm", ["install", ...options, join(copy, archive)], { cwd: app, env });
  return { app, tsc, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** The packages that the library is built with, in place of `npm install`. */
async function linkTools(modules: string): Promise<string> {
  const require = createRequire(import.meta.url);
  const typescript = dirname(require.resolve("typescript/package.json"));
  const types = createRequire(require.resolve("@types/mailparser/package.json")).resolve(
    "@types/node/package.json",
  );
  await mkdir(join(modules, "@types"), { recursive: true });
  await mkdir(join(modules, ".bin"));
  await symlink(typescript, join(modules, "typescript"));
  await symlink(dirname(types), join(modules, "@types/node"));
  await symlink("../typescript/bin/tsc", join(modules, ".bin/tsc"));
  return join(typescript, "bin/tsc");
}
