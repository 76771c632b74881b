// Fingerprints that identify no machine, and text about machines that is only displayed.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fc from "../support/property.ts";
import {
  hasOnlyPlaceholders,
  isPlaceholderFingerprint,
} from "../../server/domain/activations/fingerprints.ts";
import {
  emptyValues,
  firmwarePlaceholders,
  sharedIdentifiers,
} from "../../server/domain/activations/placeholder_fingerprints.ts";
import { cleanLine, truncate } from "../../server/domain/text.ts";
import { test } from "../support/test.ts";

const listed = [...firmwarePlaceholders, ...sharedIdentifiers, ...emptyValues];

test("placeholders are recognised in any case, with any punctuation, and as a digest", () => {
  for (const text of listed) {
    for (
      const written of [
        text,
        text.toUpperCase(),
        text.toLowerCase(),
        ` ${text}\u200b `,
        text.replace(/ /g, "_"),
      ]
    ) {
      assert.ok(isPlaceholderFingerprint(written), JSON.stringify(written));
    }
    for (const algorithm of ["md5", "sha1", "sha256", "sha512"]) {
      const digest = createHash(algorithm).update(text).digest();
      assert.ok(isPlaceholderFingerprint(digest.toString("hex")), `${algorithm} of ${text}`);
      assert.ok(isPlaceholderFingerprint(digest.toString("hex").toUpperCase()), `${algorithm} of ${text}`);
      assert.ok(isPlaceholderFingerprint(digest.toString("base64")), `${algorithm} of ${text}`);
    }
  }
});

for (
  const text of [
    "d41d8cd98f00b204e9800998ecf8427e",
    "da39a3ee5e6b4b0d3255bfef95601890afd80709",
    "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855",
    "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e",
    // MD5 of a line break, of `echo "" | md5sum`.
    "68b329da9893e34099c7d8ad5cb9c940",
    "0",
    "0000",
    "00-00-00-00-00-00",
    "FF:FF:FF:FF:FF:FF",
    "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
    "XXXXXXXX",
    "1111-1111-1111-1111",
    "----",
    "ＮＯＮＥ",
    "None|To Be Filled By O.E.M.|Default string",
    "None-None",
    "0_0_none",
  ]
) {
  test(`${text.slice(0, 40)} identifies no machine`, () => assert.ok(isPlaceholderFingerprint(text)));
}

test("the fingerprints of the two documents, of their clients and of real machines are none", () => {
  for (
    const text of [
      "unique-hardware-identifier",
      "DEVICE_ABC123",
      "hardware-id",
      "my-machine",
      "4C4C4544-0042-3510-8052-B4C04F4E4C32",
      "9C6B0076-9CC4-0000-0000-000000000000",
      "BFEBFBFF000306A9",
      "S4EWNX0R123456",
      "a4:83:e7:12:34:56",
      "To be filled by O.E.M.|BFEBFBFF000306A9",
      "AAAA",
    ]
  ) {
    assert.ok(!isPlaceholderFingerprint(text), text);
  }
  fc.assert(fc.property(fc.uuid(), (text) => !isPlaceholderFingerprint(text)));
  fc.assert(fc.property(fc.stringMatching(/^[0-9a-f]{64}$/), (text) => !isPlaceholderFingerprint(text)));
});

test("an object of properties needs one that identifies the machine", () => {
  assert.ok(
    hasOnlyPlaceholders({
      cpu: "To be filled by O.E.M.",
      bios: { serial: "None", uuid: null },
      disks: ["", 0],
    }),
  );
  assert.ok(!hasOnlyPlaceholders({ cpu: "BFEBFBFF000306A9", bios: { serial: "None" } }));
  assert.ok(!hasOnlyPlaceholders({ cores: 8 }));
});

test("text that is only displayed is one line, of whole characters, and never too long", () => {
  const unit = fc.constantFrom(
    ..."ab é\n\r\t\0\u0085\u2028\ud800\udc00👩🏽🚀\u200d\u200b\ufeff\u202e\u0301한",
    "👩🏽‍🚀",
    "🇩🇪",
    "e\u0301",
  );
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 60 }), fc.integer({ min: 1, max: 40 }), (text, length) => {
      const line = cleanLine(text, length);
      assert.ok(line.length <= length);
      assert.ok(line.isWellFormed());
      // deno-lint-ignore no-control-regex
      assert.doesNotMatch(line, /[\x00-\x1f\x7f-\x9f\u2028\u2029\u200b\u202e\ufeff]|^\s|\s$/);
      assert.equal(cleanLine(line, length), line);
    }),
  );
  assert.equal(cleanLine("ann\u202e\u2066's\r\nPC\0", 255), "ann's PC");
  assert.equal(cleanLine("\u200b\u200d\ufe0f", 255), "");
  assert.equal(cleanLine("می‌خواهم", 255), "می‌خواهم");
  assert.equal(truncate("ab👩🏽‍🚀", 5), "ab");
  assert.equal(truncate("abe\u0301", 3), "ab");
  assert.equal(truncate(`a${"\u0301".repeat(300)}`, 10).length, 10);
  assert.equal(cleanLine("\0".repeat(1_000_000) + "x", 255), "");
});
