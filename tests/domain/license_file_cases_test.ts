// The table of files, status lists and validations that are right and wrong in every way: both verifiers find the state and the
// reason that docs/offline.md says, and neither throws.
import { test } from "../support/test.ts";
import { Cases } from "../support/verifier/agree.ts";
import { subjects } from "../support/verifier/cases/all.ts";

const cases = new Cases();

for (const [subject, casesOf] of Object.entries(subjects)) {
  test(`the cases of ${subject} have their states and reasons`, async () => {
    for (const [name, { given, expected, lists }] of Object.entries(casesOf())) {
      await cases.expect(`${subject}: ${name}`, given, expected, lists);
    }
  });
}

test("the verifier in Python finds the same", () => cases.compareWithPython());
