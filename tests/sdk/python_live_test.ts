// The Python library's README and example app, as they stand, against a real server.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeLicense } from "../support/fixtures.ts";
import { offlineProduct } from "../support/license_files.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";
import { isPythonThere } from "../support/verifier/python_there.ts";

const library = fileURLToPath(new URL("../../sdk/python/", import.meta.url));
const server = await startTestServer();
const { product } = await offlineProduct(server, "painter");
const keys = (await server.get(`/.well-known/jwks/${product.code}.json`)).body.keys;
const folder = await mkdtemp(join(tmpdir(), "latchkey-python-"));
const file = join(folder, "license.json");

/** Runs a program of Python, and returns what it prints. */
async function python(args: string[]): Promise<string> {
  const { stdout, stderr } = await new Deno.Command("python3", {
    args: ["-B", ...args],
    env: {
      PYTHONPATH: `${library}src`,
      LATCHKEY_URL: server.url,
      LATCHKEY_API_KEY: server.apiKey,
      LATCHKEY_PRODUCT: product.code,
      LATCHKEY_KEYS: JSON.stringify(keys),
      LATCHKEY_FILE: file,
    },
  }).output();
  return new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
}

async function license(): Promise<string> {
  const customer = { name: "Lumen Ltd", email: `python${crypto.randomUUID()}@example.com` };
  return (await makeLicense(await server.ctx(), { productId: product.id, offlineDays: 30, customer })).key;
}

test("the example app in Python asks for a license, activates it, and has it at its next start", async () => {
  if (!isPythonThere) return;
  const app = `${library}example/app.py`;
  assert.equal(await python([app]), "not_activated\n");
  assert.equal(await python([app, await license()]), "valid\n");
  assert.equal(await python([app]), "valid\n");
  await rm(folder, { recursive: true });
});

test("the lines of the README in Python activate a license", async () => {
  if (!isPythonThere) return;
  const [, lines] = readFileSync(`${library}README.md`, "utf8").match(/```python\n([^]*?)```/)!;
  const [{ kid, x }] = keys;
  const program = lines
    .replace("https://licenses.example.com", server.url)
    .replace("lk_…", server.apiKey)
    .replace('{"kid": "…", "x": "…"}', JSON.stringify({ kid, x }))
    .replace("/path/of/your/app/license.json", file)
    .replace("TEST-TEST-TEST-TEST", await license());
  assert.equal(await python(["-c", `${program}print(license.status().state)\nlicense.stop()`]), "valid\n");
  await rm(folder, { recursive: true });
});
