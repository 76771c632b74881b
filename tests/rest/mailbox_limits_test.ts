// The limit on mail to an address counts mailboxes: tags, letter case, dots at Gmail and spellings of a domain make no new one.
import assert from "node:assert/strict";
import { createLimits, perMailbox } from "../../server/request/limits.ts";
import { readEnvironment } from "../../server/config.ts";
import { assertNone, code, find, under } from "../rules/source.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";

const limits = createLimits(readEnvironment({}));
const subjectOf = (email: string) => perMailbox(limits, email)[0][1];

test("addresses of one mailbox count together, and others do not", () => {
  const same = [
    [
      "jo@example.com",
      "JO@example.com",
      "jo+1@example.com",
      "Jo+a+b@EXAMPLE.com",
      " jo+@example.com",
      "jo@example.com.",
    ],
    ["j.o.e@gmail.com", "joe@gmail.com", "joe+x@googlemail.com", "J.oe@GoogleMail.com"],
    ["jo@müller.example", "jo+x@xn--mller-kva.example", "jo@MÜLLER.example"],
  ];
  for (const addresses of same) {
    assert.equal(new Set(addresses.map(subjectOf)).size, 1, addresses.map(subjectOf).join(", "));
  }
  const different = [
    "jo@example.com",
    "j.o@example.com",
    "jo@example.org",
    "+1@example.com",
    "+2@example.com",
    "joe@gmail.com",
  ];
  assert.equal(new Set(different.map(subjectOf)).size, different.length);
});

test("tags do not bring more mail: over the API and over the page", async () => {
  const server = await startTestServer({ RATE_LIMIT_AUTH: "5", TRUSTED_PROXIES: "127.0.0.1" });
  const statuses: number[] = [];
  for (let n = 0; n < 8; n++) {
    const from = { "x-forwarded-for": `203.0.113.${n}` };
    const email = `victim+${n}@example.com`;
    const { status } = n % 2 === 0
      ? await server.post("/api/v2/auth/magic-link/request", { email }, from)
      : await server.post("/magic-link", `email=${encodeURIComponent(email)}`, {
        ...from,
        "content-type": "application/x-www-form-urlencoded",
      });
    statuses.push(status);
  }
  assert.deepEqual(statuses.map((status) => status === 429), [
    false,
    false,
    false,
    false,
    false,
    true,
    true,
    true,
  ]);
  await server.stop();
});

test("nothing else finds the subject of that limit", () => {
  assertNone(
    code.filter(({ path }) => under("server/")(path) && path !== "server/request/limits.ts")
      .flatMap((source) => find(source, /\blimits\.mail\b/g)).map(({ at }) => at),
    "Call perMailbox of server/request/limits.ts:",
  );
});
