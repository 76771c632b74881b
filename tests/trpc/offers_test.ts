// Update offers: what the panel explains for an app version is what the update check answers.
import assert from "node:assert/strict";
import { deleteRelease } from "../../server/domain/releases/releases.ts";
import { makeLicense, makeProduct, makeRelease } from "../support/fixtures.ts";
import { refusalOf, signInToPanel } from "../support/panel.ts";
import { startTestServer } from "../support/server.ts";
import { eventually, test } from "../support/test.ts";

const server = await startTestServer();
const ctx = await server.ctx();
const { client } = await signInToPanel(server, "viewer");

test("the explanation agrees with the update check, release by release", async () => {
  const { id: productId } = await makeProduct(ctx);
  await makeRelease(ctx, productId, "1.0.0");
  const mandatory = await makeRelease(ctx, productId, "1.1.0", { isMandatory: true });
  const latest = await makeRelease(ctx, productId, "1.2.0");
  await makeRelease(ctx, productId, "2.0.0-beta.1");
  const { key } = await makeLicense(ctx, { productId });
  const versions = ["1.0.0", "v1.1", "1.2.0", "2.0.0-alpha.1", "apple"];
  const offers = await client.releases.explain.query({ productId, versions });
  assert.deepEqual(
    offers.map(({ updateAvailable, isMandatory, latest, because }) => [
      updateAvailable,
      isMandatory,
      latest?.version,
      because?.version,
    ]),
    [
      [true, true, "1.2.0", "1.1.0"],
      [true, false, "1.2.0", undefined],
      [false, false, "1.2.0", undefined],
      [true, false, "2.0.0-beta.1", undefined],
      [false, false, "1.2.0", undefined],
    ],
  );
  assert.deepEqual(offers[0].latest, { id: latest.id, version: "1.2.0" });
  assert.deepEqual(offers[0].because, { id: mandatory.id, version: "1.1.0" });
  assert.deepEqual(offers.map(({ isVersion }) => isVersion), [true, true, true, true, false]);
  for (const offer of offers.filter(({ isVersion }) => isVersion)) {
    const { body } = await server.post("/api/version/check", {
      current_version: offer.version,
      license_key: key,
    });
    assert.deepEqual(
      [body.update_available, body.latest_version, body.is_mandatory],
      [offer.updateAvailable, offer.latest!.version, offer.isMandatory],
    );
  }
});

test("a withdrawn release is not offered, and its event names the release", async () => {
  const { id: productId } = await makeProduct(ctx);
  const { id } = await makeRelease(ctx, productId, "1.0.0");
  await deleteRelease(ctx, id);
  await eventually(async () => {
    const [offer] = await client.releases.explain.query({ productId, versions: ["0.9.0"] });
    return !offer.updateAvailable && offer.latest === null;
  });
  const { rows: [event] } = await client.events.list.query({ subjectKind: "release", subjectId: id });
  assert.deepEqual([event.type, event.before], ["release.deleted", { name: "1.0.0" }]);
});

test("offers of an unknown product or of no product are refused", async () => {
  const missing = await refusalOf(client.releases.explain.query({ productId: 999_999, versions: ["1.0.0"] }));
  assert.equal(missing.code, "NOT_FOUND");
  const none = await refusalOf(client.releases.explain.query({ productId: 1, versions: [] }));
  assert.equal(none.details.field, "versions");
});

test("the server stops", () => server.stop());
