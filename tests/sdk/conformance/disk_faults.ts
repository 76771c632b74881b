// The disk: full, read-only, and a cache file that was cut, removed or filled with anything.
import { chmod, copyFile, mkdir, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { lost } from "./between.ts";
import type { Client, Trial } from "./trial.ts";
import type { Vendor } from "./vendor.ts";

export async function disks(trial: Trial, vendor: Vendor): Promise<void> {
  const { between } = vendor;
  await cutFiles(trial, vendor);
  for (const file of ["/proc/latchkey/license.json", "/dev/full/license.json", "/dev/null/a/license.json"]) {
    trial.step(file);
    between.begin(between.honest);
    const { key } = await vendor.license();
    await inMemory(trial, vendor, await trial.open({ file }), key);
  }
  trial.step("a folder in place of the cache file");
  const folder = await trial.path("folder/license.json");
  await mkdir(folder, { recursive: true });
  between.begin(between.honest);
  await inMemory(trial, vendor, await trial.open({ file: folder }), (await vendor.license()).key);
  await fullDisk(trial, vendor);
}

/** Nothing can be kept: the license is held in memory. */
async function inMemory(trial: Trial, { between }: Vendor, client: Client, key: string): Promise<void> {
  await client.expect("start", {}, "not_activated");
  const activated = await client.expect("activate", { license_key: key }, "valid");
  trial.check(
    "storage_error",
    typeof activated.storage_error === "string",
    activated.storage_error,
    "a text",
  );
  between.begin(lost);
  const refreshed = await client.expect("refresh", {}, "valid", "NETWORK_ERROR");
  trial.check(
    "storage_error",
    typeof refreshed.storage_error === "string",
    refreshed.storage_error,
    "a text",
  );
  between.begin(between.honest);
  await client.expect("refresh", {}, "valid");
  await client.call("stop");
}

/** A file system of 64 kB, which only the program sees, is full and then emptied. */
async function fullDisk(trial: Trial, vendor: Vendor): Promise<void> {
  trial.step("a full disk");
  const { between } = vendor;
  const disk = dirname(await trial.path("disk/x"));
  await mkdir(disk, { recursive: true });
  const script =
    `mount -t tmpfs -o size=64k none "$0" && { head -c 99999 /dev/zero > "$0/filler" || true; } && exec "$@"`;
  const mount = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script, disk];
  const isPossible = await new Deno.Command(mount[0], { args: [...mount.slice(1), "true"], stderr: "null" })
    .output().then(({ success }) => success, () => false);
  if (!isPossible) return;
  const { key } = await vendor.license();
  const program = trial.another(trial.language, mount);
  const client = await trial.open({ file: `${disk}/app/license.json` }, program);
  between.begin(between.honest);
  await inMemory(trial, vendor, client, key);
  trial.step("a full disk that has space again");
  await client.restart();
  await client.expect("activate", { license_key: key }, "valid");
  const seen = `/proc/${program.pid}/root${disk}`;
  await rm(`${seen}/filler`);
  const { storage_error } = await client.expect("refresh", {}, "valid");
  trial.equal("storage_error", storage_error, null);
  trial.equal("files", (await readdir(`${seen}/app`)).filter((name) => name === "license.json"), [
    "license.json",
  ]);
}

async function cutFiles(trial: Trial, vendor: Vendor): Promise<void> {
  const { between } = vendor;
  trial.step("the cache file");
  const path = await trial.path("cut/license.json");
  const previous = `${path}.previous`;
  between.begin(between.honest);
  const client = await trial.open({ file: path });
  const { key } = await vendor.license();
  await client.expect("activate", { license_key: key }, "valid");
  await client.expect("refresh", {}, "valid");
  trial.equal("files", (await readdir(dirname(path))).sort(), ["license.json", "license.json.previous"]);
  trial.equal("mode", ((await stat(path)).mode & 0o777).toString(8), "600");
  const members = ["file", "format", "license_key", "list", "lists", "refusal", "removed", "seq", "trusted"];
  trial.equal("members", Object.keys(JSON.parse(await readFile(path, "utf8"))).sort(), [
    ...members,
    "validation",
  ]);
  between.begin(lost);
  const { size } = await stat(path);
  const saved = [[path, `${path}.saved`], [previous, `${previous}.saved`]];
  for (const [from, to] of saved) await copyFile(from, to);
  const damages: Record<string, () => Promise<void>> = {
    removed: () => rm(path),
    "filled with zeros": () => writeFile(path, new Uint8Array(size)),
    "filled with bytes": () => writeFile(path, Uint8Array.from({ length: size }, (_, index) => index * 7)),
    "filled with text": () => writeFile(path, "license"),
    "filled with lists": () => writeFile(path, "[".repeat(200_000)),
  };
  for (const length of [0, 1, 2, 60, size >> 1, size - 3]) {
    damages[`cut after ${length} bytes`] = () => truncate(path, length);
  }
  for (const [name, damage] of Object.entries(damages)) {
    trial.step(`a cache file ${name}`);
    for (const [to, from] of saved) await copyFile(from, to);
    await damage();
    await client.restart();
    await client.expect("start", {}, "valid");
    const status = await client.expect("refresh", {}, "valid", "NETWORK_ERROR");
    trial.equal("storage_error", status.storage_error, null);
    await client.call("stop");
  }
  await wholeButWrong(trial, client, path, key);
  trial.step("both files cut");
  between.begin(between.honest);
  for (const [to, from] of saved) {
    await copyFile(from, to);
    await truncate(to, 90);
  }
  await client.restart();
  await client.expect("start", {}, "not_activated");
  await client.expect("activate", { license_key: key }, "valid");
  await client.restart();
  await client.expect("start", {}, "valid");
  trial.step("a cache file that no one may write to");
  await chmod(path, 0o400);
  await client.expect("refresh", {}, "valid");
  await client.call("stop");
}

/** JSON that is whole, and no record: its wrong members count as absent. */
async function wholeButWrong(trial: Trial, client: Client, path: string, key: string): Promise<void> {
  const types = [null, true, 7, -1, 1e300, "text", [], {}, [["a"]], { a: { b: "c" } }];
  const names = ["format", "file", "validation", "refusal", "trusted", "seq", "lists", "removed", "list"];
  const texts = [
    ...[
      "null",
      "7",
      '"text"',
      "[]",
      "{}",
      '{"format":2}',
      '{"format":"1"}',
      `{"format":1,"x":${"[".repeat(40)}${"]".repeat(40)}}`,
    ],
    ...types.map((value) =>
      JSON.stringify({
        ...Object.fromEntries(names.map((name) => [name, value])),
        format: 1,
        license_key: key,
      })
    ),
    ...types.map((value) => JSON.stringify({ format: 1, license_key: value })),
  ];
  for (const text of texts) {
    trial.step(`a cache file with ${text.slice(0, 90)}`);
    await writeFile(path, text);
    await rm(`${path}.previous`, { force: true });
    await client.restart();
    const { status } = await client.call("start");
    trial.check(
      "the state",
      ["not_activated", "invalid", "expired", "clock_tampered"].includes(status?.state),
      status?.state,
      "no license",
    );
    await client.call("refresh");
    await client.call("stop");
  }
}
