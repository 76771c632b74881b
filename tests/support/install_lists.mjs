// A program that installs status lists, one after another, and prints its state: node install_lists.mjs RECORD LISTS
import { readFileSync } from "node:fs";
import process from "node:process";
import { LicenseClient } from "@latchkey/client";
import { fileStorage } from "@latchkey/client/node";

const [path, lists] = process.argv.slice(2);
const license = new LicenseClient({
  url: "http://127.0.0.1:9",
  apiKey: "key",
  product: "painter",
  version: "2.1.0",
  publicKeys: JSON.parse(process.env.LATCHKEY_KEYS),
  device: { fingerprint: "machine-1" },
  storage: fileStorage(path),
});
let status = await license.status();
for (const list of JSON.parse(readFileSync(lists, "utf8"))) status = await license.installStatusList(list);
console.log(status.state, status.storageError?.code);
