// The release that an update check offers.
import assert from "node:assert/strict";
import { addDays, dayOf, startOf } from "../../server/domain/calendar.ts";
import { publishRelease, updateRelease } from "../../server/domain/releases/releases.ts";
import { DomainError } from "../../server/domain/errors.ts";
import { makeLicense, makeProduct, makeRelease } from "../support/fixtures.ts";
import { checkVersion } from "../../server/domain/version_checks/check_for_license.ts";
import { startTestServer } from "../support/server.ts";
import { eventually, test } from "../support/test.ts";

const server = await startTestServer();
const ctx = await server.ctx();

/** Creates a license of a product with these releases; "!" marks a mandatory one. */
async function licenseWith(versions: string[]) {
  const product = await makeProduct(ctx);
  for (const version of versions) {
    await makeRelease(ctx, product.id, version.replace("!", ""), { isMandatory: version.endsWith("!") });
  }
  return await makeLicense(ctx, { productId: product.id });
}

async function offer(versions: string[], current: string) {
  const { key } = await licenseWith(versions);
  const { body } = await server.post("/api/version/check", { current_version: current, license_key: key });
  return [body.update_available, body.latest_version, body.is_mandatory];
}

const cases: [versions: string[], current: string, offered: [boolean, string | null, boolean]][] = [
  [["1.9.0", "1.10.0"], "1.9.0", [true, "1.10.0", false]],
  [["1.9.0", "1.10.0"], "1.10.0", [false, "1.10.0", false]],
  [["1.9.0", "1.10.0"], "2.0.0", [false, "1.10.0", false]],
  [["1.10.0-rc.1", "1.10.0"], "1.10.0-rc.1", [true, "1.10.0", false]],
  [["1.0.0", "2.0.0-beta.1"], "1.0.0", [false, "1.0.0", false]],
  [["1.0.0", "2.0.0-beta.2"], "2.0.0-beta.1", [true, "2.0.0-beta.2", false]],
  [["2.0.0-beta.2", "2.0.0-beta.10"], "2.0.0-beta.2", [true, "2.0.0-beta.10", false]],
  [["1.0.0", "1.1.0!", "1.2.0"], "1.0.0", [true, "1.2.0", true]],
  [["1.0.0", "1.1.0!", "1.2.0"], "1.1.0", [true, "1.2.0", false]],
  [["1.0.0!"], "1.0.0", [false, "1.0.0", false]],
  [["1.2.0"], "1.2", [false, "1.2.0", false]],
  [["1.2.1"], "v1.2", [true, "1.2.1", false]],
  [["1.2.3"], "1.2.3.4", [false, "1.2.3", false]],
  [["1.2.3.5"], "1.2.3.4", [true, "1.2.3.5", false]],
  [["10.15.7.1", "10.15.7.10"], "10.15.7.9", [true, "10.15.7.10", false]],
  [["2026.2.1", "2026.11.3"], "2026.9.30", [true, "2026.11.3", false]],
  [["1.2.4"], "1.2.3 (build 4)", [true, "1.2.4", false]],
  [["1.2.3"], "1.2.3 (build 4)", [false, "1.2.3", false]],
  [["3.0.0"], "3 apples", [false, "3.0.0", false]],
  [["1.9.1"], "1.9.0foo", [true, "1.9.1", false]],
  [["1.2.4"], ` 1.2.3${" ".repeat(300)}words `, [true, "1.2.4", false]],
  // Channels.
  [["1.0.0", "2.0.0-beta.1", "3.0.0-alpha.1"], "0.9.0", [true, "1.0.0", false]],
  [["1.0.0", "2.0.0-beta.1", "3.0.0-alpha.1"], "1.0.0-beta.1", [true, "2.0.0-beta.1", false]],
  [["1.0.0", "2.0.0-beta.1", "3.0.0-alpha.1"], "1.0 beta", [true, "2.0.0-beta.1", false]],
  [["1.0.0", "2.0.0-beta.1", "3.0.0-alpha.1"], "1.0.0-alpha.1", [true, "3.0.0-alpha.1", false]],
  [["1.0.0", "2.0.0", "2.0.0-beta.1"], "2.0.0-beta.1", [true, "2.0.0", false]],
  [["2.0.0-beta.1"], "1.0.0", [false, null, false]],
  [["1.0.0", "2.0.0-beta.1!"], "0.9.0", [true, "1.0.0", false]],
  [["2.0.0-beta9", "2.0.0-beta10"], "2.0.0-beta9", [true, "2.0.0-beta10", false]],
  // No downgrade.
  [["0.10.5"], "0.11.0-alpha2", [false, "0.10.5", false]],
  [["1.16.10", "1.16.9-pre"], "1.17.0-pre", [false, "1.16.10", false]],
  [["2.0.0-beta9"], "2.0.0-beta10", [false, "2.0.0-beta9", false]],
  [["8.33.0"], "8.34 Beta1", [false, "8.33.0", false]],
  [[], "1.0.0", [false, null, false]],
];
for (const [versions, current, offered] of cases) {
  test(`with ${versions.join(", ") || "no release"} out, ${current} is offered ${JSON.stringify(offered)}`, async () => {
    assert.deepEqual(await offer(versions, current), offered);
  });
}

test("an invalid version is refused by field", async () => {
  const { key } = await licenseWith(["1.0.0"]);
  for (
    const version of ["newest", "-1.0.0", "release 1.9", "99999999999999999999.0.0"]
  ) {
    const reply = await server.post("/api/version/check", { current_version: version, license_key: key });
    assert.equal(reply.status, 400, version);
    assert.equal(reply.body.error.details.field, "current_version");
  }
  await assert.rejects(
    publishRelease(ctx, {
      productId: 1,
      version: "1.2",
      releaseDate: "2025-01-01",
      downloadUrl: "https://example.com/",
      releaseNotes: "",
      isMandatory: false,
    }),
    (error) => error instanceof DomainError && error.facts?.field === "version",
  );
});

test("equal versions are published once, in any spelling", async () => {
  const product = await makeProduct(ctx);
  await makeRelease(ctx, product.id, "2026.11.3");
  for (const version of ["2026.11.3", "2026.11.03", "v2026.11.3", "2026.11.3.0", "2026.11.3+7"]) {
    await assert.rejects(makeRelease(ctx, product.id, version), { code: "CONFLICT" }, version);
  }
  assert.equal((await makeRelease(ctx, product.id, "2026.11.3.1")).version, "2026.11.3.1");
});

test("a release is offered from its date on, everywhere", async () => {
  const today = dayOf(new Date());
  const { key, productId } = await licenseWith(["1.0.0"]);
  await makeRelease(ctx, productId, "1.1.0", { releaseDate: today });
  const ahead = await makeRelease(ctx, productId, "1.2.0", {
    releaseDate: addDays(today, 1),
    isMandatory: true,
  });
  const machine = { license_key: key, hardware_hash: "machine" };
  await server.post("/api/license/activate", machine);
  const [{ code }] = await server.db<{ code: string }[]>`select code from products where id = ${productId}`;
  const versions = async () => {
    const check = await server.post("/api/version/check", { current_version: "1.0.0", license_key: key });
    const latest = await server.get(`/api/version/latest?product=${code}`);
    const verified = await server.post("/api/license/verify", { ...machine, app_version: "1.0.0" });
    return [
      check.body.latest_version,
      check.body.is_mandatory,
      latest.body.version,
      verified.body.latest_version,
    ];
  };
  assert.deepEqual(await versions(), ["1.1.0", false, "1.1.0", "1.1.0"]);
  const tomorrow = await server.ctx(startOf(addDays(today, 1)));
  const input = { licenseKey: key, currentVersion: "1.0.0" };
  assert.equal((await checkVersion(tomorrow, input)).latest?.version, "1.2.0", "from midnight in UTC on");
  assert.equal(
    (await checkVersion(await server.ctx(new Date(startOf(addDays(today, 1)).getTime() - 1)), input)).latest
      ?.version,
    "1.1.0",
  );
  await updateRelease(ctx, { id: ahead.id, changes: { releaseDate: today } });
  await eventually(async () => (await versions()).join() === "1.2.0,true,1.2.0,1.2.0");
});

test("a channel that is set counts more than the version's words, also for the apps that run it", async () => {
  const { key, productId } = await licenseWith(["2026.9.1"]);
  const beta = await makeRelease(ctx, productId, "2026.10.9", { channel: "beta" });
  const offered = async (current_version: string) =>
    (await server.post("/api/version/check", { current_version, license_key: key })).body;
  assert.equal((await offered("2026.9.1")).update_available, false);
  assert.deepEqual([
    (await offered("2026.10.9")).update_available,
    (await offered("2026.10.9")).latest_version,
  ], [
    false,
    "2026.10.9",
  ]);
  await makeRelease(ctx, productId, "2026.10.10", { channel: "beta" });
  await eventually(async () => (await offered("2026.10.9")).latest_version === "2026.10.10");
  await updateRelease(ctx, { id: beta.id, changes: { channel: "stable" } });
  await eventually(async () => (await offered("2026.9.1")).latest_version === "2026.10.9");
});

test("with several products, the request for the latest release must name the product", async () => {
  const product = await makeProduct(ctx, "chosen");
  await makeRelease(ctx, product.id, "3.1.4");
  const unnamed = await server.get("/api/version/latest");
  assert.equal(unnamed.status, 400);
  assert.equal(unnamed.body.error.code, "PRODUCT_REQUIRED");
  assert.equal((await server.get("/api/version/latest?product=chosen")).body.version, "3.1.4");
  assert.equal((await server.get("/api/version/latest?product=nowhere")).status, 404);
});

test("a product without releases has no latest release", async () => {
  await makeProduct(ctx, "silent");
  const reply = await server.get("/api/version/latest?product=silent");
  assert.equal(reply.status, 404);
  assert.equal(reply.body.error.code, "NO_RELEASE");
});

test("a new release is offered by a server that has cached the older ones", async () => {
  const license = await licenseWith(["1.0.0"]);
  const checkVersion = () =>
    server.post("/api/version/check", { current_version: "1.0.0", license_key: license.key });
  assert.equal((await checkVersion()).body.update_available, false);
  await makeRelease(ctx, license.productId, "1.0.1");
  const deadline = performance.now() + 1000;
  while (!(await checkVersion()).body.update_available) {
    assert.ok(performance.now() < deadline, "not within a second");
  }
});

test("the server stops", () => server.stop());
