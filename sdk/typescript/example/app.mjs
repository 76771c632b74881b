// An app with a license: node app.mjs [license key]. Its settings are environment variables, which a real app compiles in.
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LicenseClient } from "@latchkey/client";
import { fileStorage, machineDevice } from "@latchkey/client/node";

const { LATCHKEY_URL, LATCHKEY_API_KEY, LATCHKEY_PRODUCT, LATCHKEY_KEYS, LATCHKEY_FILE } = process.env;

const license = new LicenseClient({
  url: LATCHKEY_URL,
  apiKey: LATCHKEY_API_KEY,
  product: LATCHKEY_PRODUCT,
  version: "2.1.0",
  released: "2026-02-15",
  publicKeys: JSON.parse(LATCHKEY_KEYS),
  device: await machineDevice(LATCHKEY_PRODUCT),
  storage: fileStorage(LATCHKEY_FILE ?? join(tmpdir(), "latchkey-example", "license.json")),
});

let status = await license.start();
const key = process.argv[2];
if (status.state === "not_activated" && key) status = await license.activate(key);
console.log(status.state);
if (status.error) console.error(`${status.error.code}: ${status.error.message}`);
license.stop();
process.exitCode = status.usable ? 0 : 1;
