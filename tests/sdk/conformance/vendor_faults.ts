// What the vendor does while an app runs: keys are rotated, the license is disabled and enabled again.
import { eventually } from "../../support/test.ts";
import { lost, writeJson } from "./between.ts";
import type { Client, Trial } from "./trial.ts";
import type { Vendor } from "./vendor.ts";

export async function rotation(trial: Trial, vendor: Vendor): Promise<void> {
  const { between } = vendor;
  between.begin(between.honest);
  const code = `app-${trial.language.folder.split("/").at(-1)}-${crypto.randomUUID().slice(0, 8)}`;
  const product = await vendor.product(code);
  const { key } = await vendor.license({ productId: product.id });
  const oldKeys = await product.keys();
  const client = await trial.open({ product: code, public_keys: oldKeys });
  const { file } = await client.expect("activate", { license_key: key }, "valid");
  await product.rotate();
  trial.step("a key was rotated, and only the old one is known");
  // The server signs with the new key as soon as it has heard of the rotation.
  await eventually(async () => (await client.call("refresh")).status?.error?.code === "UNTRUSTED_ANSWER");
  await client.expect("refresh", {}, "valid", "UNTRUSTED_ANSWER");
  await client.restart();
  await client.expect("start", {}, "valid");
  await client.call("stop");
  trial.step("a key was rotated, and both are known");
  const keys = await product.keys();
  const both = [...oldKeys, ...keys.filter((key) => !JSON.stringify(oldKeys).includes(JSON.stringify(key)))];
  trial.equal("keys", both.length, 2);
  await client.restart({ public_keys: both });
  await client.expect("refresh", {}, "valid");
  const renewed = await client.expect("check_out", {}, "valid");
  trial.check(
    "seq of the new file",
    renewed.file?.seq > file?.seq,
    renewed.file?.seq,
    `more than ${file?.seq}`,
  );
  trial.step("a key was rotated, and only the new one is known");
  await client.restart({ public_keys: both.slice(1) });
  await client.expect("refresh", {}, "valid");
}

export async function disabling(trial: Trial, vendor: Vendor): Promise<void> {
  const { between } = vendor;
  between.begin(between.honest);
  const license = await vendor.license();
  const client = await trial.open();
  trial.equal("changes", await client.call("changes"), { states: [] });
  await client.expect("activate", { license_key: license.key }, "valid");
  trial.step("the license is disabled while the app runs");
  await vendor.setEnabled(license, false);
  await untilState(client, "disabled");
  const { code } = await client.expect("status", {}, "disabled");
  trial.equal("code", code, "LICENSE_INACTIVE");
  between.begin(lost);
  await client.expect("refresh", {}, "disabled", "NETWORK_ERROR");
  trial.step("the license is disabled, and the app starts again");
  await client.restart();
  await client.expect("start", {}, "disabled");
  await client.call("stop");
  await client.restart();
  trial.step("the license is enabled again");
  between.begin(between.honest);
  await client.expect("refresh", {}, "disabled");
  await client.call("changes");
  await vendor.setEnabled(license, true);
  await untilState(client, "valid");
  trial.equal("changes", await client.call("changes"), { states: ["valid"] });
  trial.equal("changes since", await client.call("changes"), { states: [] });

  trial.step("an unsigned refusal, after which the status list is asked for");
  await vendor.setEnabled(license, false);
  between.begin(vendor.withLists((_, response) => {
    writeJson(response, { error: { code: "UNAUTHORIZED", message: "The API key is unknown." } }, 401);
  }));
  await client.call("clock", { offset: 5 });
  await untilState(client, "revoked");
  const lists = between.requests.filter(({ method }) => method === "GET");
  trial.check("requests for the status list", lists.length > 0, lists.length, "at least one");
  trial.equal("API key in them", lists.map(({ headers }) => headers["x-api-key"]).filter(Boolean), []);
  trial.step("enabled again, after the status list has revoked the license file");
  await vendor.setEnabled(license, true);
  between.begin(vendor.withLists(between.honest));
  await untilState(client, "valid");
}

/** Refreshes until the server's caches have the change. */
async function untilState(client: Client, state: string): Promise<void> {
  let last = "";
  await eventually(async () => {
    const { status } = await client.call("refresh");
    return (last = status?.state) === state;
  }, 6000).catch(() => client.trial.equal("state after refreshes for 6 s", last, state));
}
