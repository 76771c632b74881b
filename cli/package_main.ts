// `deno task package [FILE]`: writes one executable file with everything a system needs, for the platform it runs on: a
// shell script, followed by an archive that the script unpacks on the first start.
import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { copyRedis, PACKAGED_REDIS } from "../db/embedded/packaged_redis.ts";
import { findRedis } from "../db/embedded/redis_program.ts";
import { exitWithError } from "../server/signals.ts";
import { version } from "../server/version.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const platform = `${Deno.build.os}-${Deno.build.arch}`;
const contents = [
  "deno.json",
  "deno.lock",
  "cli",
  "db",
  "docs",
  "sdk",
  "server",
  "worker",
  "web/dist",
  "node_modules",
  "LICENSE",
];
/** Types of the build, which only development needs, and all of the client libraries but their READMEs. */
const leftOut = [
  "node_modules/.deno/typescript@*",
  "node_modules/.deno/@typescript+*",
  "sdk/vectors",
  "sdk/*/[!R]*",
];

await writePackage(Deno.args[0] ?? `latchkey-${version}-${platform}`).catch(exitWithError);

async function writePackage(file: string): Promise<void> {
  const programs = await Deno.makeTempDir({ prefix: "latchkey-package-" });
  const redis = await findRedis(join(root, ".data/programs"), console.log);
  await copyRedis(redis, join(programs, "programs", PACKAGED_REDIS));
  const archive = `${file}.tar.gz`;
  const { success, stderr } = await new Deno.Command("tar", {
    args: [
      ...["-czf", archive, "--owner=0", "--group=0", ...leftOut.map((pattern) => `--exclude=${pattern}`)],
      ...["-C", root, ...contents, "-C", dirname(Deno.execPath()), "deno"],
      ...["-C", programs, "programs"],
    ],
  }).output();
  if (!success) throw new Error(`tar failed: ${new TextDecoder().decode(stderr)}`);
  const script = await Deno.readTextFile(join(root, "deploy/standalone/latchkey.sh"));
  const hash = createHash("sha256");
  for await (const chunk of (await Deno.open(archive)).readable) hash.update(chunk);
  const head = script
    .replaceAll("@VERSION@", version)
    .replaceAll("@PLATFORM@", platform)
    .replaceAll("@ID@", `${version}-${hash.digest("hex").slice(0, 12)}`)
    .replaceAll("@FIRST_LINE@", String(script.split("\n").length));
  const unfinished = `${file}.unfinished`;
  await Deno.writeTextFile(unfinished, head, { mode: 0o755 });
  await (await Deno.open(archive)).readable.pipeTo((await Deno.open(unfinished, { append: true })).writable);
  await Deno.remove(archive);
  await Deno.remove(programs, { recursive: true });
  await Deno.rename(unfinished, file);
  const megabytes = Math.round((await Deno.stat(file)).size / 1e6);
  console.log(`${file} (${megabytes} MB): copy it to a machine with ${platform} and run it.`);
}
