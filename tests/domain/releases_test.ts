// The release that an update check offers.
import assert from "node:assert/strict";
import { publishRelease } from "../../server/domain/releases/releases.ts";
import { DomainError } from "../../server/domain/errors.ts";
import { makeLicense, makeProduct, makeRelease } from "../support/fixtures.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";

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
    const version of ["newest", "3 apples", "-1.0.0", "release 1.9", "99999999999999999999.0.0", "1.9.0foo"]
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
