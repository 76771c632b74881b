// The table of cases that every verifier of docs/offline.md has to agree on, by subject.
import { listCases, validationCases } from "./answers.ts";
import { claimCases, deviceCases, termCases, timeCases } from "./claims.ts";
import { encryptionCases } from "./encryption.ts";
import { jsonCases } from "./json.ts";
import type { Case } from "./make.ts";
import { headerCases, keyCases, textCases } from "./signatures.ts";

/** Makes the cases of each subject, by name. */
export const subjects: Record<string, () => Record<string, Case>> = {
  "texts": textCases,
  "headers": headerCases,
  "keys and signatures": keyCases,
  "JSON": jsonCases,
  "claims": claimCases,
  "times": timeCases,
  "devices": deviceCases,
  "terms": termCases,
  "encryption": encryptionCases,
  "status lists": listCases,
  "signed validations": validationCases,
};
