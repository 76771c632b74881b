// The example app in C++ against the real server: activated, taken offline, revoked by a status list that is carried in, and
// back in the network.
import { copyFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { lost } from "./between.ts";
import type { Language } from "./languages.ts";
import { run } from "./readmes.ts";
import { PRODUCT, type Vendor } from "./vendor.ts";

const home = fileURLToPath(new URL("../../../sdk/c/", import.meta.url));
/** @returns what is different */
export async function tryCppApp({ readme }: Language, vendor: Vendor): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), "latchkey-cpp-"));
  try {
    const { file, build } = readme!.find(({ id }) => id === "cpp")!;
    await copyFile(join(home, "example/app.cpp"), join(folder, file));
    await run(["sh", "-euc", build], home, folder);
    return await live(vendor, folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function live(vendor: Vendor, folder: string): Promise<string[]> {
  const { between, server, publicKeys } = vendor;
  const found: string[] = [];
  const license = await vendor.license();
  const file = join(folder, "license.json");
  const app = new Deno.Command("sh", {
    args: [join(folder, "run"), license.key],
    env: {
      LATCHKEY_URL: between.url,
      LATCHKEY_API_KEY: server.apiKey,
      LATCHKEY_PRODUCT: PRODUCT,
      LATCHKEY_KEYS: JSON.stringify(publicKeys),
      LATCHKEY_FILE: file,
    },
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const input = app.stdin.getWriter();
  const states = createInterface({ input: Readable.from(app.stdout) })[Symbol.asyncIterator]();
  const expect = async (when: string, state: string) => {
    const { value = "nothing" } = await states.next();
    if (value !== state) found.push(`${when}: expected ${state}, got ${value}`);
  };
  const enter = (line = "") => input.write(new TextEncoder().encode(`${line}\n`));
  between.begin(between.honest);
  await expect("activated", "valid");
  between.begin(lost);
  await enter();
  await expect("without a network", "valid");
  await vendor.setEnabled(license, false);
  const { file: text } = JSON.parse(await readFile(file, "utf8"));
  await enter(await vendor.statusList(uriOf(text)));
  await expect("with a status list", "revoked");
  between.begin(vendor.withLists(between.honest));
  await enter();
  await expect("in the network again", "disabled");
  await input.close();
  const { code } = await app.status;
  if (code !== 1) found.push(`the exit code of an app without a license: expected 1, got ${code}`);
  return found;
}

/** The address of the status list of a license file. */
function uriOf(file: string): string {
  const [, payload] = file.replaceAll(/-----[^-]+-----|\s/g, "").split(".");
  return JSON.parse(new TextDecoder().decode(Uint8Array.fromBase64(payload, { alphabet: "base64url" })))
    .status.uri;
}
