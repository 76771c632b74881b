// The complete examples of the document, run unchanged with the programs they are written for, except for the server's
// address and, where the document says so, the token. The name of a test that cannot run says which program is missing.
import assert from "node:assert/strict";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";
import { makeCatalogue, makeUser, makeUserLicense, password } from "../support/users.ts";

const server = await startTestServer();
const ctx = await server.ctx();
const user = await makeUser(ctx, { email: "user@example.com", name: "User Name", password });
await makeUserLicense(ctx, await makeCatalogue(ctx), user, "monthly");

async function read(name: string): Promise<string> {
  const example = await Deno.readTextFile(new URL(`./examples/${name}`, import.meta.url));
  return example.replaceAll("http://localhost:8000", server.url);
}

/** Runs a program and returns its output; null when it is not installed. */
async function run(program: string, args: string[]): Promise<string | null> {
  try {
    const { success, stdout, stderr } = await new Deno.Command(program, { args }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    return new TextDecoder().decode(stdout);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

async function has(program: string, args: string[]): Promise<boolean> {
  return await run(program, args).then((output) => output !== null, () => false);
}

function assertInfo(output: string | null): void {
  const { entitlement } = JSON.parse(output!);
  assert.equal(entitlement.plan, "monthly");
  assert.equal(entitlement.status, "active");
  assert.deepEqual(entitlement.features, ["pattern_upload", "wifi_upload"]);
}

/** Defines the test, or a passing one whose name says which program is not installed. */
function testWith(isThere: boolean, name: string, lacking: string, body: () => Promise<void>): void {
  if (isThere) test(name, body);
  else {test(`${name}: not run, because ${lacking} is not installed`, () =>
      console.warn(`There is no ${lacking}.`));}
}

testWith(await has("curl", ["--version"]), "the cURL example runs as it stands", "curl", async () => {
  const [login, use] = (await read("login.sh")).split("# Use session token");
  const answer = await run("sh", ["-c", `${login.replaceAll("curl ", "curl -sS ")}`]);
  const { session_token } = JSON.parse(answer!);
  const command = use.slice(use.indexOf("\n")).replace("<session_token>", session_token);
  assertInfo(await run("sh", ["-c", command.replace("curl ", "curl -sS ")]));
});

testWith(
  await has("python3", ["-c", "import requests"]),
  "the Python example runs unchanged",
  "python3 with requests",
  async () =>
    assertInfo(await run("python3", ["-c", `${await read("login.py")}\nprint(license_response.text)\n`])),
);

const script = `${await read("login.mjs.txt")}\nconsole.log(await licenseResponse.text());\n`;

test("the JavaScript example runs unchanged in Deno", async () => {
  const path = await Deno.makeTempFile({ suffix: ".mjs" });
  await Deno.writeTextFile(path, script);
  assertInfo(await run(Deno.execPath(), ["run", "-A", "--quiet", "--no-config", path]));
  await Deno.remove(path);
});

testWith(
  await has("node", ["--version"]),
  "the JavaScript example runs unchanged in Node.js",
  "node",
  async () => assertInfo(await run("node", ["--input-type=module", "-e", script])),
);

test("the three examples register the same device", async () => {
  const devices = await server.db`select hardware_id, machine_name from activations where is_active`;
  assert.deepEqual(devices.map(({ hardwareId, machineName }) => [hardwareId, machineName]), [
    ["DEVICE_ABC123", "My Computer"],
  ]);
});

test("the server of the examples stops", () => server.stop());
