// Several processes with one cache file: they take turns, lose nothing of each other, and a reader never finds half a file.
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileWith, FINGERPRINT, ISSUED, ISSUER, PRODUCT, statusList } from "../../../sdk/vectors/samples.ts";
import { productKey } from "../../../sdk/vectors/signer.ts";
import { lost } from "./between.ts";
import { type Language, languages } from "./languages.ts";
import type { Program } from "./program.ts";
import type { Client, Trial } from "./trial.ts";
import type { Vendor } from "./vendor.ts";

/** The vendor of the vectors, whose license files and status lists need no server. */
const vendorOfVectors = {
  product: PRODUCT,
  version: "2.1.0",
  released: "2026-02-15",
  public_keys: [productKey.publicKey],
  fingerprint: FINGERPRINT,
  now: ISSUED + 60,
};
/** Changes of each kind by each process. */
const CHANGES = 8;

export async function processes(trial: Trial, vendor: Vendor): Promise<void> {
  await withoutLoss(trial, trial.language);
  const [first] = languages;
  if (trial.language !== first) {
    await withoutLoss(trial, first);
    await shared(trial, vendor, first);
  }
  await locks(trial);
}

/** Two processes change one file many times at once: nothing is lost. */
async function withoutLoss(trial: Trial, other: Language): Promise<void> {
  trial.step(`two processes, of ${trial.language.name} and ${other.name}, with one cache file`);
  // In memory where that is possible, because a slow disk would only lengthen the turns.
  const base = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
  const folder = await mkdtemp(join(base, "latchkey-conformance-"));
  const file = join(folder, "license.json");
  try {
    const options = { ...vendorOfVectors, file };
    const clients = [await trial.open(options), await trial.open(options, trial.another(other))];
    const reader = { isStopped: false };
    const torn = readAlways(file, reader);
    const answers = await Promise.all(
      clients.map(async (client, process) => await client.parallel(await changes(process))),
    );
    reader.isStopped = true;
    trial.equal("halves of a file that were read", await torn, []);
    const problems = answers.flat().filter(({ status }) => !status || status.storage_error);
    trial.equal("calls without success", problems.slice(0, 2), []);
    const record = JSON.parse(await readFile(file, "utf8"));
    trial.equal("activations in seq", Object.keys(record.seq ?? {}).length, 2 * CHANGES);
    trial.equal("status lists in lists", Object.keys(record.lists ?? {}).length, 2 * CHANGES);
    trial.equal("files afterwards", (await readdir(folder)).sort(), [
      "license.json",
      "license.json.previous",
    ]);
    for (const client of clients) await client.expect("status", {}, "valid");
    await clients[0].restart();
    await clients[0].expect("start", {}, "valid");
    await clients[0].call("stop");
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** License files of different activations and status lists of different addresses: the record keeps one number of each. */
async function changes(process: number) {
  const calls: { call: string; file?: string; list?: string }[] = [];
  for (let change = 0; change < CHANGES; change++) {
    const number = 1000 * (process + 1) + change;
    const url = `${ISSUER}/.well-known/license-status/1-${number}`;
    calls.push({ call: "install_file", file: await fileWith({ activation: number }) });
    calls.push({ call: "install_status_list", list: await statusList([], { url }) });
  }
  return calls;
}

/** Reads a file again and again. @returns texts that were not whole */
async function readAlways(file: string, reader: { isStopped: boolean }): Promise<string[]> {
  const torn: string[] = [];
  while (!reader.isStopped) {
    const text = await readFile(file, "utf8").catch(() => "{}");
    try {
      JSON.parse(text);
    } catch {
      torn.push(text.slice(0, 80));
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return torn;
}

/** An app in one language goes on with the license that one in another language activated. */
async function shared(trial: Trial, vendor: Vendor, other: Language): Promise<void> {
  const { between } = vendor;
  const program = trial.another(other);
  for (
    const [name, from, to] of [
      [`activated with ${other.name}`, program, trial.first],
      [`activated with this library, used with ${other.name}`, trial.first, program],
    ] as [string, Program, Program][]
  ) {
    trial.step(name);
    between.begin(between.honest);
    const { key } = await vendor.license();
    const client: Client = await trial.open({ file: await trial.path(`${name}/license.json`) }, from);
    await client.expect("activate", { license_key: key }, "valid");
    between.begin(lost);
    const same = await trial.open(client.options, to);
    await same.expect("start", {}, "valid");
    await same.expect("refresh", {}, "valid", "NETWORK_ERROR");
    await same.call("stop");
  }
}

/** The lock of a process that ended, and one that is held. */
async function locks(trial: Trial): Promise<void> {
  for (
    const [name, age] of [["a lock that was left over", 60], ["a lock that is held too long", 0]] as const
  ) {
    trial.step(name);
    const path = await trial.path(`${name}/license.json`);
    await mkdir(dirname(path));
    await writeFile(`${path}.lock`, "");
    const since = Date.now() / 1000 - age;
    await utimes(`${path}.lock`, since, since);
    const client = await trial.open({ ...vendorOfVectors, file: path });
    const began = performance.now();
    const { storage_error } = await client.expect("install_file", { file: await fileWith() }, "valid");
    const took = Math.round(performance.now() - began);
    const limit = age > 0 ? 2500 : 8000;
    trial.check("the time", took < limit, `${took} ms`, `less than ${limit} ms`);
    // Where the lock is held the license may be in memory alone.
    if (age > 0) trial.equal("storage_error", storage_error, null);
    const isLocked = await stat(`${path}.lock`).then(() => true, () => false);
    if (age > 0) trial.equal("the lock is there", isLocked, false);
    await client.expect("status", {}, "valid");
  }
}
