// Email addresses are checked and compared by server/domain/email_address.ts and nothing else, and mail is queued by its kind.
import { assertNone, code, find, under, withoutComments } from "./source.ts";
import { test } from "../support/test.ts";

test("no other code decides what an email address is, or how two are compared", () => {
  const others = [
    // zod's own schema, the pattern of HTML, and other patterns with an at sign.
    /z\.email\(|\bhtml5Email\b|(?:rfc5322|unicode|browser)Email\b/g,
    /(?<![\w)])\/(?![/*])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])*@(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])*\/[a-z]*(?=[.,)\s;])/g,
    /\b(?:e?mail|address)\b[\w.?!]*\.(?:trim\(\)\.)?toLowerCase\(\)/gi,
    /lower\(\$\{[^}]*email[^}]*\}\)/gi,
  ];
  assertNone(
    code.filter(({ path }) =>
      under("server/", "worker/", "cli/", "web/")(path) && path !== "server/domain/email_address.ts"
    ).flatMap((source) => others.flatMap((pattern) => find(withoutComments(source), pattern)))
      .map(({ at, found }) => `${at} has ${found[0]}`),
    "Use parseEmail, foldEmail or the schemas of server/domain/input_fields.ts:",
  );
});

test("mail is queued by its kind, so that every mail has a template, the layout and the brand", () => {
  assertNone(
    code.filter(({ path }) =>
      under("server/", "worker/", "cli/")(path) && !/^server\/domain\/mail\/(?:mail|queue)\.ts$/.test(path)
    ).flatMap((source) => find(withoutComments(source), /\binsertMail\b/g)).map(({ at }) => at),
    "Add a kind to server/domain/mail/kinds, and call `queueMail`:",
  );
});
