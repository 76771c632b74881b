// New passwords: length, common passwords, and passwords made of words of their account.
import assert from "node:assert/strict";
import { DomainError } from "../../server/domain/errors.ts";
import { requireStrongPassword } from "../../server/domain/passwords/password_rules.ts";
import { test } from "../support/test.ts";

const account = ["ada.winter@acme-tools.example", "Ada Winter"];

async function reasonFor(password: string): Promise<unknown> {
  try {
    await requireStrongPassword(password, account);
    return null;
  } catch (error) {
    assert.ok(error instanceof DomainError && error.code === "INVALID_REQUEST", String(error));
    return (error.facts as { reason?: unknown }).reason;
  }
}

test("any characters make a password, from 8 to 1024 of them", async () => {
  for (
    const password of ["correct horse", "x7#kQ9!z", "пароль-и-лошадь", "🐎🔋📎🐎🔋📎🧷🐢", "a b".repeat(341)]
  ) assert.equal(await reasonFor(password), null, password);
  assert.equal(await reasonFor("x7#kQ9!"), "too_small");
  assert.equal(await reasonFor("🐎🔋📎🐎🔋"), "too_small");
  assert.equal(await reasonFor("xyz".repeat(342)), "too_large");
});

test("passwords of published breaches are refused, whatever their case", async () => {
  for (
    const password of [
      "password123",
      "Password123",
      "qwertyuiop",
      "iloveyou",
      "12345678",
      "ｐａｓｓｗｏｒｄ",
      "aaaaaaaa",
      "abababab",
    ]
  ) assert.equal(await reasonFor(password), "common_password", password);
});

test("passwords that consist of the name, the address or the product's name are refused", async () => {
  for (
    const password of [
      "AdaWinter1",
      "winter-ada!!",
      "ada.winter@acme-tools.example",
      "Acme2026!",
      "L4tchk3y-2026",
      "P4ssw0rd-Admin",
      "latchkey admin 1",
    ]
  ) assert.equal(await reasonFor(password), "password_of_account", password);
  // Words of the account may occur in a password that has others.
  for (const password of ["winter comes after autumn", "Ada likes 7 trains"]) {
    assert.equal(await reasonFor(password), null, password);
  }
});
