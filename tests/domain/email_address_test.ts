// Email addresses: one rule for all of them.
import assert from "node:assert/strict";
import fc from "../support/property.ts";
import { domainToASCII } from "node:url";
import { foldEmail, parseEmail } from "../../server/domain/email_address.ts";
import { readEnvironment } from "../../server/config.ts";
import { test } from "../support/test.ts";

for (
  const [typed, stored] of [
    ["ann@example.com", "ann@example.com"],
    [" Ann.O'Neil+tag@Example.COM. ", "Ann.O'Neil+tag@example.com"],
    ["\ufeffann@example.com\u200b\u00a0", "ann@example.com"],
    ["ann@MÜLLER.de", "ann@müller.de"],
    ["ann@xn--mller-kva.de", "ann@müller.de"],
    ["ann@mu\u0308ller.de", "ann@müller.de"],
    ["ann@例え。jp", "ann@例え.jp"],
    ["ann@faß.de", "ann@faß.de"],
    ["yonghu@例え.jp", "yonghu@例え.jp"],
    ["a..b.@docomo.example", "a..b.@docomo.example"],
    ["root@localhost", "root@localhost"],
    [`${"x".repeat(64)}@example.com`, `${"x".repeat(64)}@example.com`],
    ["ann@☃.net", "ann@☃.net"],
  ]
) {
  test(`${JSON.stringify(typed).slice(0, 40)} is stored as ${stored.slice(0, 40)}`, () => {
    assert.equal(parseEmail(typed), stored);
    assert.equal(parseEmail(stored), stored);
  });
}

for (
  const text of [
    "",
    "ann",
    "@example.com",
    "ann@",
    "ann@example",
    "ann@@example.com",
    "a b@example.com",
    '"a b"@example.com',
    '"ann"@example.com',
    "ann@exam ple.com",
    "ann@example..com",
    "ann@-example.com",
    "ann@example-.com",
    "ann@ex_ample.com",
    "ann@[127.0.0.1]",
    "ann@127.0.0.1",
    "ann@0x7f.1",
    "ann@example.com:25",
    "ann@example.com/path",
    "ann@ex%61mple.com",
    "ann@user:pass@example.com",
    "ann@xn--zz.com",
    "ann\0@example.com",
    "ann@example.com\0",
    "ann\r\nbcc:x@example.com",
    "ann@exam\nple.com",
    "\ud800@example.com",
    "ann,bob@example.com",
    "Ann <ann@example.com>",
    `${"x".repeat(65)}@example.com`,
    "Ünal@example.com",
    "用户@例え.jp",
    "mıke@example.com",
    `ann@${"x".repeat(64)}.com`,
    `ann@${"x.".repeat(125)}com`,
  ]
) {
  test(`${JSON.stringify(text).slice(0, 40)} is not an address`, () => assert.equal(parseEmail(text), null));
}

test("every spelling of an address folds to one, and what is stored is accepted again", () => {
  const domain = fc.constantFrom("example.com", "müller.de", "例え.jp", "faß.de", "bücher.example", "дом.рф");
  const name = fc.stringMatching(/^[a-zA-Z0-9.+'_-]{1,20}$/);
  fc.assert(fc.property(name, domain, fc.boolean(), fc.boolean(), (name, domain, isAscii, isUpper) => {
    const written = isAscii ? domainToASCII(domain) : domain;
    const typed = `${name}@${isUpper && !domain.includes("ß") ? written.toUpperCase() : written}`;
    const stored = parseEmail(typed);
    assert.ok(stored !== null, typed);
    assert.equal(parseEmail(stored), stored);
    assert.equal(foldEmail(stored), foldEmail(typed));
    assert.equal(foldEmail(`${name.toUpperCase()}@${domain}`), foldEmail(stored));
  }));
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 30 }), (text) => {
    const stored = parseEmail(`${text}@example.com`);
    assert.ok(stored === null || parseEmail(stored) === stored);
  }));
});

test("MAIL_FROM is an address with or without a name", () => {
  for (const from of ["keys@example.com", "Latchkey <keys@example.com>", '"A, B" <keys@müller.de>']) {
    assert.equal(readEnvironment({ MAIL_FROM: from }).MAIL_FROM, from);
  }
  for (const from of ["no-reply", "Latchkey <no-reply>", "a@example.com, b@example.com"]) {
    assert.throws(() => readEnvironment({ MAIL_FROM: from }), /MAIL_FROM/);
  }
});
