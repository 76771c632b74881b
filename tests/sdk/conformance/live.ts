// The live run against the real server: a device activates, loses the network, runs offline, is revoked and comes back.
import { lost } from "./between.ts";
import { perhapsLost, type Trial } from "./trial.ts";
import { type Vendor, VERSION } from "./vendor.ts";

const DAY = 86_400;
const now = () => Math.floor(Date.now() / 1000);

export async function live(trial: Trial, vendor: Vendor): Promise<void> {
  const { between } = vendor;
  between.begin(between.honest);
  const license = await vendor.license({ maxActivations: 1, entitlements: { export: true, projects: 50 } });
  const client = await trial.open({ device_name: "Workstation" });
  trial.step("the first start");
  await client.expect("start", {}, "not_activated");
  trial.step("activated with a key as it was pasted");
  const status = await client.expect(
    "activate",
    { license_key: ` “${license.key.toLowerCase()}”. ` },
    "valid",
  );
  trial.equal("what is known", {
    code: status.code,
    entitlements: status.entitlements,
    max_users: status.max_users,
    license_ends: status.license_ends,
    customer: status.file?.customer?.name,
    usable: status.usable,
  }, {
    code: "VALID",
    entitlements: { export: true, projects: 50 },
    max_users: 10,
    license_ends: null,
    customer: "Lumen Ltd",
    usable: true,
  });
  near(trial, "file_ends", status.file_ends, now() + 30 * DAY);
  near(trial, "checked_at", status.checked_at, now());
  const sent = between.requests.find(({ path }) => path === "/api/license/activate")?.body;
  const { license_key: sentKey, machine_name: name, app_version: version } = sent ?? {};
  trial.equal("what was sent", [String(sentKey).toUpperCase(), name, version], [
    license.key,
    "Workstation",
    VERSION,
  ]);
  await client.expect("refresh", {}, "valid");
  await client.expect("refresh", {}, "valid");
  nonces(trial, vendor);

  trial.step("another device, beyond the limit");
  const second = await trial.open({ file: null }, trial.another());
  const full = await second.expect(
    "activate",
    { license_key: license.key },
    "limit_reached",
    "ACTIVATION_LIMIT_REACHED",
  );
  trial.equal("code", full.code, "ACTIVATION_LIMIT_REACHED");
  trial.check("details", Object.keys(full.error?.details ?? {}).length > 0, full.error?.details, "facts");
  trial.check("request_id", !!full.error?.request_id, full.error?.request_id, "that of the answer");
  await second.expect("status", {}, "not_activated", /./);

  trial.step("a key that no license has");
  await second.expect("activate", { license_key: "TEST-TEST-TEST-TEST" }, "invalid", "INVALID_LICENSE");
  trial.step("a license that has expired");
  const old = await vendor.license({ validFrom: "2020-01-01", validUntil: "2020-02-01" });
  await second.expect("activate", { license_key: old.key }, "expired", "LICENSE_EXPIRED");
  trial.step("an API key that no one has");
  await second.restart({ api_key: "wrong" });
  const { status: refused } = await second.expectError("activate", { license_key: license.key }, /./);
  trial.equal("status of the error", refused, 401);

  trial.step("offline, with the clock set back and forward");
  between.begin(lost);
  await client.restart();
  await client.expect("start", {}, "valid");
  for (
    const [offset, state] of [[29 * DAY, "valid"], [31 * DAY, "expired"], [-DAY, "clock_tampered"]] as const
  ) {
    await client.call("clock", { offset });
    await client.expect("status", {}, state, perhapsLost);
  }
  await client.call("clock", { offset: 0 });
  await client.expect("refresh", {}, "valid", "NETWORK_ERROR");

  trial.step("revoked by a status list that is carried in");
  await vendor.setEnabled(license, false);
  await client.call("clock", { offset: 60 });
  const list = await vendor.statusList(String(status.file?.status?.uri));
  await client.expectError("install_status_list", { list: list.slice(0, -4) }, /./);
  await client.expectError("install_status_list", { list: "" }, /./);
  await client.expect("status", {}, "valid", "NETWORK_ERROR");
  await client.expect("install_status_list", { list }, "revoked", "NETWORK_ERROR");
  await client.restart();
  await client.expect("start", {}, "revoked");

  trial.step("enabled again, and back in the network");
  await vendor.setEnabled(license, true);
  between.begin(vendor.withLists(between.honest));
  await client.call("clock", { offset: 120 });
  for (let turn = 0; turn < 100; turn++) {
    if ((await client.call("refresh")).status?.state === "valid") break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await client.expect("status", {}, "valid");

  trial.step("deactivated");
  await client.expect("deactivate", {}, "not_activated");
  await client.expectError("deactivate", {}, "NOT_ACTIVATED");
  await client.restart();
  await client.expect("start", {}, "not_activated");
  trial.step("the activation is free for another device");
  await second.restart({ api_key: client.options.api_key });
  await second.expect("activate", { license_key: license.key }, "valid");
  await second.expect("deactivate", {}, "not_activated");
}

/** Each validation has a nonce of its own. */
function nonces(trial: Trial, { between }: Vendor): void {
  const nonces = between.requests.filter(({ path }) => path === "/api/license/verify").map(({ body }) =>
    body?.nonce
  );
  trial.check(
    "nonces",
    nonces.every((nonce) => /^[\x21-\x7e]{16,128}$/.test(nonce)),
    nonces,
    "16 to 128 characters",
  );
  trial.equal("different nonces", new Set(nonces).size, nonces.length);
}

function near(trial: Trial, what: string, found: number, expected: number): void {
  trial.check(what, Math.abs(found - expected) < 120, found, `about ${expected}`);
}
