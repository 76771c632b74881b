// Passwords that are too easy to guess: common ones, and those made of words of the account they protect (NIST SP 800-63B,
// section 5.1.1.2; OWASP ASVS 5.0, 6.2.4, 6.2.11 and 6.2.12).
import { lazy } from "../lazy.ts";
import { refuse } from "../errors.ts";

export const MIN_PASSWORD_LENGTH = 8;
export const MAX_PASSWORD_LENGTH = 1024;

/** Words that describe the service; a password may not consist of them. */
const SERVICE_WORDS = ["latchkey", "license", "licence", "password", "admin", "administrator"];

/** Characters that letters are commonly replaced by. */
const SUBSTITUTIONS: Record<string, string> = {
  "0": "o",
  "1": "i",
  "3": "e",
  "4": "a",
  "5": "s",
  "@": "a",
  "$": "s",
};

/** About 50,000 passwords of published breaches; loaded when the first password is chosen. */
const loadCommonPasswords = lazy(() =>
  import("@zxcvbn-ts/language-common").then(({ dictionary }) =>
    new Set(dictionary["passwords-common"].map((word) => String(word).toLowerCase()))
  )
);

/**
 * Refuses a new password that is too short, too long, common, or made of words of its account.
 *
 * @param words the email address and name of the account
 * @throws DomainError `INVALID_REQUEST` with the reason `too_small`, `too_large`, `common_password` or
 *   `password_of_account`
 */
export async function requireStrongPassword(password: string, words: readonly string[]): Promise<void> {
  const length = [...password].length;
  if (length < MIN_PASSWORD_LENGTH || length > MAX_PASSWORD_LENGTH) {
    refuse("INVALID_REQUEST", {
      field: "password",
      reason: length < MIN_PASSWORD_LENGTH ? "too_small" : "too_large",
      minimum: MIN_PASSWORD_LENGTH,
      maximum: MAX_PASSWORD_LENGTH,
    });
  }
  const folded = password.normalize("NFKC").toLowerCase();
  if (new Set(folded).size < 3 || (await loadCommonPasswords()).has(folded)) {
    refuse("INVALID_REQUEST", { field: "password", reason: "common_password" });
  }
  if (consistsOf(folded, words.flatMap(wordsOf).concat(SERVICE_WORDS))) {
    refuse("INVALID_REQUEST", { field: "password", reason: "password_of_account" });
  }
}

/** The words of an address or name: "Ada.Winter@example.com" has ada, winter, example and com. */
function wordsOf(text: string): string[] {
  return text.normalize("NFKC").toLowerCase().split(/[^\p{L}\p{N}]+/u).filter((word) => word.length > 2);
}

/** Whether a password has no letters but those of the words, as they are or with usual substitutions. */
function consistsOf(password: string, words: string[]): boolean {
  // Digits and signs at the ends are additions; within the password they replace letters.
  const middle = password.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, "");
  const substituted = [...middle].map((character) => SUBSTITUTIONS[character] ?? character).join("");
  const longestFirst = words.toSorted((a, b) => b.length - a.length);
  return [password, substituted].some((form) => {
    const rest = longestFirst.reduce((left, word) => left.replaceAll(word, " "), form);
    return rest !== form && !/\p{L}/u.test(rest);
  });
}
