// Replacing ENCRYPTION_KEY: what both keys encrypted is read meanwhile, and the old one opens nothing afterwards.
import assert from "node:assert/strict";
import { reencryptSecrets } from "../../cli/reencrypt.ts";
import { loadDemoData } from "../../server/demo/demo_data.ts";
import { generateTotpSecret } from "../../server/domain/administrators/totp.ts";
import { createCipher } from "../../server/request/cipher.ts";
import { canDecrypt, storedSecrets } from "../../server/request/stored_secrets.ts";
import { quoteName } from "../../db/backup/tables.ts";
import { testSecrets } from "../support/secrets.ts";
import { createTestSystem } from "../support/system.ts";
import { test } from "../support/test.ts";
import { queueTextMail } from "../support/text_mail.ts";

const oldKey = testSecrets.ENCRYPTION_KEY;
const newKey = "8NfT0vGqXw3cZr5yKb7Lm1Hs9Jd2Pa4E";
const system = await createTestSystem();
const ctx = await system.ctx();
await loadDemoData(ctx);
for (let n = 0; n < 1200; n++) {
  await queueTextMail(ctx, { to: "a@example.com", subject: "A mail", text: `Mail ${n}` });
}
await system.db`update administrators set totp_secret = ${generateTotpSecret(ctx).encrypted}`;

/** How many stored secrets a key opens, and how many there are. */
async function countReadable(key: string) {
  const cipher = createCipher(key);
  const count = { readable: 0, all: 0 };
  for (const secret of storedSecrets) {
    const rows = await system.db.unsafe<{ value: Uint8Array }[]>(
      `select ${quoteName(secret.column)} as value from ${quoteName(secret.table)} where ${
        quoteName(secret.column)
      } is not null`,
    );
    count.all += rows.length;
    count.readable += rows.filter(({ value }) => canDecrypt(cipher, secret, value)).length;
  }
  return count;
}

test("a cipher reads what previous keys encrypted, and no other", () => {
  const encrypted = createCipher(oldKey).encrypt("mail", "text");
  const read = (previous: string[]) =>
    new TextDecoder().decode(createCipher(newKey, previous).decrypt("mail", encrypted));
  assert.equal(read(["another key", oldKey]), "text");
  assert.throws(() => read(["another key"]));
  assert.throws(() => createCipher(newKey, [oldKey]).decrypt("other purpose", encrypted));
});

test("after a rotation the new key opens everything and the old one nothing, and a second one changes nothing", async () => {
  const { all, readable } = await countReadable(oldKey);
  assert.ok(all > 1200 && readable === all);
  const rotate = () => reencryptSecrets(system.db, createCipher(newKey), createCipher(newKey, [oldKey]));
  assert.deepEqual(await rotate(), { changed: all, unreadable: {} });
  assert.deepEqual(await countReadable(newKey), { readable: all, all });
  assert.deepEqual(await countReadable(oldKey), { readable: 0, all });
  assert.deepEqual(await rotate(), { changed: 0, unreadable: {} });
});

test("secrets that no key opens are counted and left", async () => {
  const foreign = createCipher("a key that no one has any more").encrypt("mail", "lost");
  await system.db`
    insert into mails (kind, recipient, subject, body, created_at, next_attempt_at)
    values ('test', 'a@example.com', 'Lost', ${foreign}, now(), now())`;
  const result = await reencryptSecrets(system.db, createCipher(newKey), createCipher(newKey, [oldKey]));
  assert.deepEqual(result, { changed: 0, unreadable: { "waiting mails": 1 } });
});

test("the system closes", () => system.db.end());
