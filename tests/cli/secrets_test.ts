// Secrets of production: what can be guessed is refused with a sentence that says how to make one, and the deployment
// files set every secret.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { ConfigError, demoSecrets, productionConfig, readEnvironment } from "../../server/config.ts";
import { sourceOf, sources } from "../rules/source.ts";
import { testSecrets } from "../support/secrets.ts";
import { test } from "../support/test.ts";

const stores = { DATABASE_URL: "postgres://localhost/x", REDIS_URL: "redis://localhost" };

/** The message a production start ends with; null when it starts. */
function refusal(variables: Record<string, string>): string | null {
  try {
    productionConfig(readEnvironment({ ...stores, ...testSecrets, ...variables }));
    return null;
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    return error.message;
  }
}

const guessable: Record<string, string> = {
  "too short": randomBytes(16).toString("base64"),
  "the demo's JWT_SECRET": demoSecrets.JWT_SECRET,
  "the demo's ENCRYPTION_KEY": demoSecrets.ENCRYPTION_KEY,
  "one character": "a".repeat(64),
  "two characters": "ab".repeat(32),
  "zeros and ones": "0110100110010110".repeat(4),
  "the alphabet": "abcdefghijklmnopqrstuvwxyz0123456789",
  "the alphabet backwards": "zyxwvutsrqponmlkjihgfedcba9876543210",
  "the digits": "0123456789".repeat(4),
  "a row of the keyboard": "qwertyuiopasdfghjklzxcvbnm123456",
  "a short value that is repeated": "x8Kq2mPz".repeat(5),
  "a repetition with a number": ["k9Lm", "k9Ln", "k9Lm", "k9Lp"].join("").repeat(3),
  "changeme": "changeme-changeme-changeme-please-1",
  "a placeholder": "replace-me-with-a-long-random-value",
  "a password": "MyVeryLongCompanyPassword!2026-abc",
  "the name of a variable": "jwt_secret_for_production_server_1",
  "an example": "example-key-a8f5f167f44f4964e6c998dee",
  "hexadecimal words": "deadbeefcafebabe0123456789abcdef",
};

for (const [kind, value] of Object.entries(guessable)) {
  test(`production refuses ${kind} as JWT_SECRET and as ENCRYPTION_KEY`, () => {
    for (const name of Object.keys(testSecrets)) {
      const message = refusal({ [name]: value });
      assert.match(message ?? "started", new RegExp(`  ${name} .*\\n.*openssl rand -base64 32`));
      assert.ok(!message!.includes(value), "The message repeats the value");
    }
  });
}

test("production refuses one value for two purposes, and a METRICS_TOKEN that can be guessed", () => {
  assert.match(refusal({ JWT_SECRET: testSecrets.ENCRYPTION_KEY })!, /same value/);
  assert.match(
    refusal({ METRICS_TOKEN: "metrics" })!,
    /METRICS_TOKEN has 7 characters, and needs at least 16/,
  );
  assert.match(refusal({ METRICS_TOKEN: "changeme-changeme-changeme" })!, /METRICS_TOKEN is a placeholder/);
  assert.equal(refusal({ METRICS_TOKEN: randomBytes(24).toString("base64url") }), null);
});

test("production accepts what random generators make", () => {
  for (let round = 0; round < 500; round++) {
    const bytes = randomBytes(32);
    const uuids = `${crypto.randomUUID()}${crypto.randomUUID()}`;
    for (
      const value of [bytes.toString("base64"), bytes.toString("base64url"), bytes.toString("hex"), uuids]
    ) {
      assert.equal(refusal({ JWT_SECRET: value }), null, value);
    }
    assert.equal(refusal({ ENCRYPTION_KEY: randomBytes(16).toString("hex") }), null);
  }
});

test("no value that is written in the repository is accepted as a secret", () => {
  const set = /\b(?:JWT_SECRET|ENCRYPTION_KEY|METRICS_TOKEN)["'`]?\s*[:=]\s*["'`]?([^\s"'`$|]{6,})["'`]/g;
  const written = sources.flatMap(({ path, text }) =>
    [...text.matchAll(set)].map(([, value]) => ({ path, value }))
  ).filter(({ value }) => !/^[a-zA-Z]+\.[A-Z_]+|^\$\{/.test(value));
  assert.ok(
    written.some(({ value }) => value === demoSecrets.JWT_SECRET),
    "This test finds no value any more",
  );
  for (const { path, value } of written) assert.ok(refusal({ JWT_SECRET: value }), `${path} has ${value}`);
});

test("the compose file requires every secret and its proxy answers /metrics itself", () => {
  const compose = sourceOf("deploy/compose/compose.yaml");
  for (const name of ["ENCRYPTION_KEY", "JWT_SECRET", "METRICS_TOKEN"]) {
    assert.match(compose, new RegExp(`^ {4}${name}: \\$\\{${name}:\\?`, "m"));
    assert.ok(sourceOf("docs/operations/compose.md").includes(`${name}=$(openssl rand -base64 32)`), name);
  }
  assert.match(
    sourceOf("deploy/compose/Caddyfile"),
    /^\t@metrics path \/metrics \/metrics\/\*$\n\trespond @metrics 404$/m,
  );
});
