// The life of an app without a network, day by day, through the documented calls. Each state is found by two verifiers, one
// with jose and one in Python, which have to agree.
import assert from "node:assert/strict";
import { detectAnomalies } from "../../server/domain/anomalies/detect.ts";
import type { NewLicense } from "../../server/domain/licenses/issue.ts";
import { DAY } from "../support/license_files.ts";
import { test } from "../support/test.ts";
import type { Expected } from "../support/verifier/app.ts";
import { claimsOf, startCustomer } from "../support/verifier/customer.ts";

const { server, at, now, setDay, day, cases, administrator, install } = await startCustomer();

interface Life {
  terms: Partial<NewLicense>;
  /** Days on which the app reaches the server. */
  online?: number[];
  /** From each of these days on, until day 45, the app is in this state. */
  states: Record<number, Expected>;
}

const lives: Record<string, Life> = {
  "runs for 29 days, shows grace, then stops": {
    terms: { offlineDays: 40, validUntil: day(28), graceDays: 7 },
    states: { 0: ["valid"], 29: ["grace"], 36: ["expired", "license_ended"], 40: ["expired", "file_ended"] },
  },
  "stops with its file, although the license goes on": {
    terms: { offlineDays: 29, validUntil: day(300), graceDays: 7 },
    states: { 0: ["valid"], 29: ["expired", "file_ended"] },
  },
  "stops with its file in grace": {
    terms: { offlineDays: 30, validUntil: day(20), graceDays: 20 },
    states: { 0: ["valid"], 21: ["grace"], 30: ["expired", "file_ended"] },
  },
  "goes on with the files that it gets whenever it is online": {
    terms: { offlineDays: 10, validUntil: day(35), graceDays: 5 },
    online: [3, 6, 11, 15, 19, 24, 33],
    states: {
      0: ["valid"],
      // The file of day 11 was not past its half on day 15; that of day 33 is the last.
      36: ["grace"],
      41: ["expired", "license_ended"],
      43: ["expired", "file_ended"],
    },
  },
  "is back after a pause, once it is online again": {
    terms: { offlineDays: 10 },
    online: [20],
    states: { 0: ["valid"], 10: ["expired", "file_ended"], 20: ["valid"], 30: ["expired", "file_ended"] },
  },
  "keeps the versions of its time after the end": {
    terms: { offlineDays: 44, validUntil: day(20), afterExpiry: "entitled_versions" },
    states: { 0: ["valid"], 44: ["expired", "file_ended"] },
  },
  "runs on after the end where the license allows everything": {
    terms: { offlineDays: 44, validUntil: day(20), afterExpiry: "allow" },
    states: { 0: ["valid"], 44: ["expired", "file_ended"] },
  },
  "never ends online, and ends offline with its file": {
    terms: { offlineDays: 15 },
    states: { 0: ["valid"], 15: ["expired", "file_ended"] },
  },
};

for (const [name, { terms, online = [], states }] of Object.entries(lives)) {
  test(`an app ${name}`, async () => {
    setDay(0);
    const { app } = await install(terms);
    await app.checkOut();
    let expected: Expected = ["valid"];
    for (let day = 0; day <= 45; day++) {
      expected = states[day] ?? expected;
      if (online.includes(day)) {
        setDay(day);
        const claims = await app.askServer(`${name}, online on day ${day}`);
        assert.equal(claims!.valid, true, `day ${day}`);
      }
      // A minute after the file was issued.
      await app.start(`${name}, day ${day}`, at(day) + 60, expected);
    }
  });
}

test("a clock that was set back is noticed, by files, answers and lists", async () => {
  setDay(0);
  const { app } = await install({ offlineDays: 40, validUntil: day(5) });
  await app.checkOut();
  await app.start("at once", at(0), ["valid"]);
  await app.start("the clock of the app is half an hour behind", at(0) - 1800, ["valid"]);
  await app.start("before the file", at(0) - DAY, ["clock_tampered", "clock_set_back"]);
  setDay(3);
  await app.askServer("on day 3");
  await app.start("set back to day 1", at(1), ["clock_tampered", "clock_set_back"]);
  await app.start("put right", at(3) + 60, ["valid"]);
  setDay(7);
  await app.fetchList(claimsOf(app.file).status.uri);
  await app.start("set back to day 3 with the list of day 7", at(3), ["clock_tampered", "clock_set_back"]);
  await app.start("the time is that of the list", at(7) - 1800, ["revoked", "revoked"]);
});

test("a copied file fails on another machine, in clear text and encrypted, with fingerprint and components", async () => {
  setDay(0);
  const parts = { board: "b-1", disk: "d-1", mac: "m-1" };
  const { app } = await install({ machineMatching: "two" }, parts);
  await app.checkOut();
  const other = { fingerprint: "machine-2", components: { board: "b-2", disk: "d-2", mac: "m-2" } };
  const copy = app.copy(other);
  await copy.start("copied", at(1), ["wrong_machine", "other_machine"]);
  await app.start("where it belongs", at(1), ["valid"]);
  await app.copy({ ...other, components: { ...parts, mac: "m-2" } }).start("a new network card", at(1), [
    "valid",
  ]);
  await app.checkOut({ encrypt: true });
  await app.copy(other).start("copied, encrypted", at(1), ["wrong_machine", "not_decrypted"]);
  await app.copy({ licenseKey: "TEST-TEST-TEST-TEST" }).start("with another license key", at(1), [
    "wrong_machine",
    "not_decrypted",
  ]);
  await app.start("encrypted, where it belongs", at(1), ["valid"]);
});

test("a revoked file fails once the list is seen, and not before", async () => {
  setDay(0);
  const { app, id } = await install({ offlineDays: 60, graceDays: 3 });
  await app.checkOut();
  const { uri } = claimsOf(app.file).status;
  await app.fetchList(uri);
  await app.start("before", at(0) + 60, ["valid"]);
  const old = app.lists.get(uri)!;
  const disabled = await (await administrator()).post(`/api/admin/licenses/${id}/disable`, {
    reason: "Unpaid",
  });
  assert.equal(disabled.status, 200, JSON.stringify(disabled.body));
  await app.start("without the new list", at(1), ["valid"]);
  setDay(1);
  await app.fetchList(uri);
  await app.start("with it", at(1) + 60, ["revoked", "revoked"]);
  app.lists.set(uri, old);
  const { lists } = await app.start("the old list is shown again", at(1) + 60, ["valid"]);
  assert.deepEqual(lists, ["older_list"]);
  app.lists.delete(uri);
  setDay(2);
  await app.fetchList(uri);
  await app.start("the list of day 2", at(2) + 60, ["revoked", "revoked"]);
  await app.start("after the end of the list", at(20), ["revoked", "revoked"]);
  const enabled = await (await administrator()).post(`/api/admin/licenses/${id}/enable`, {});
  assert.equal(enabled.status, 200, JSON.stringify(enabled.body));
  setDay(21);
  await app.fetchList(uri);
  await app.start("enabled again, with the list of day 21", at(21) + 60, ["valid"]);
});

test("two machines that share a file raise an anomaly, which is in the list of anomalies", async () => {
  setDay(0);
  const { app, id } = await install({ offlineDays: 10 });
  await app.checkOut();
  const anomalies = async () => {
    await detectAnomalies(await server.ctx(new Date(now().getTime() + 1000)));
    const { status, body } = await (await administrator()).get(
      `/api/admin/anomalies?kind=license_cloned&license_id=${id}`,
    );
    assert.equal(status, 200, JSON.stringify(body));
    return body.anomalies.map(({ kind, resolved_at }: Record<string, unknown>) => [kind, resolved_at]);
  };
  // A clone of the virtual machine has the same fingerprint and the same file; both go online and get their files.
  const clone = app.copy({}, { withKept: true });
  setDay(6);
  await app.askServer("the machine on day 6");
  assert.deepEqual(await anomalies(), []);
  await clone.start("the clone runs by its file", at(6), ["valid"]);
  setDay(12);
  await app.askServer("the machine on day 12");
  await app.askServer("the machine shows its new file");
  await clone.askServer("the clone shows the old file");
  assert.deepEqual(await anomalies(), [["license_cloned", null]]);

  const { app: copied, id: second } = await install({ offlineDays: 10 });
  await copied.checkOut();
  const thief = copied.copy({ fingerprint: "machine-2" });
  await thief.start("copied to another machine", at(12), ["wrong_machine", "other_machine"]);
  assert.equal((await thief.askServer("which asks the server with it"))!.valid, false);
  await detectAnomalies(await server.ctx(new Date(now().getTime() + 2000)));
  const { body } = await (await administrator()).get(
    `/api/admin/anomalies?kind=license_cloned&license_id=${second}`,
  );
  assert.deepEqual(body.anomalies.map(({ kind }: { kind: string }) => kind), ["license_cloned"]);
});

test("the verifier in Python finds the same", () => cases.compareWithPython());

test("the server stops", () => server.stop());
