// Text from outside becomes input in one place, server/request/body.ts and forms.ts beside it: nothing else decodes bytes,
// forms or JSON of a request, so that no schema has to remember what cannot be stored.
import { test } from "../support/test.ts";
import { assertNone, code, find, under, withoutComments } from "./source.ts";

const adapters = code
  .filter(({ path }) =>
    under("server/request/", "server/admin/", "server/dialects/", "server/trpc/", "server/pages/")(path)
  )
  .map(withoutComments);

function assertOnlyIn(files: string[], pattern: RegExp, rule: string): void {
  assertNone(
    adapters.filter(({ path }) => !files.includes(path)).flatMap((source) => find(source, pattern))
      .map(({ at, found }) => `${at} has ${found[0]}`),
    rule,
  );
}

test("bodies are read by one file", () => {
  assertOnlyIn(
    ["server/request/body.ts"],
    /\b(?:request|raw|req)\b(?:\.raw)?\.(?:json|text|formData|arrayBuffer|bytes|blob)\(/g,
    "Call readText() or receiveBody() of server/request/body.ts:",
  );
});

test("bytes are decoded by one file, which refuses what is not UTF-8", () => {
  assertOnlyIn(
    // Of saved answers, which the server itself wrote.
    ["server/request/body.ts", "server/request/idempotency.ts"],
    /new TextDecoder\(/g,
    "Call decodeText() of server/request/body.ts:",
  );
});

test("forms are decoded by one file, which refuses what is not UTF-8", () => {
  assertOnlyIn(
    ["server/request/forms.ts"],
    /new URLSearchParams\(|\bdecodeURI(?:Component)?\(/g,
    "Call decodeForm() of server/request/forms.ts:",
  );
});

test("JSON from outside is parsed by one file; text in it that is JSON again is checked again", () => {
  assertOnlyIn(
    [
      "server/request/body.ts",
      // What the server itself wrote.
      "server/request/idempotency.ts",
      "server/request/openapi_schemas.ts",
      // The operator's environment.
      "server/identity_provider_config.ts",
      // JSON inside of text: refuseUnstorable() and checkEntitlementToken() check it.
      "server/admin/lead_fields.ts",
      "server/dialects/upload_bridge/license_calls.ts",
    ],
    /\bJSON\.parse\(/g,
    "Call parseJson() of server/request/body.ts:",
  );
});

test("text is cut where no surrogate pair is", () => {
  const programs = code.filter(({ path }) => under("server/", "worker/")(path)).map(withoutComments);
  assertNone(
    programs.filter(({ path }) => path !== "server/domain/text.ts")
      .flatMap((source) =>
        find(source, /(?<!toISOString\(\))\.(?:slice|substring)\(0, (?:[5-9]\d|\d{3,})\)/g)
      )
      // Of Latin letters, as headers are.
      .filter(({ at }) => !/^server\/(?:request\/request_context|domain\/sheets\/)/.test(at))
      .map(({ at, found }) => `${at} has ${found[0]}`),
    "Call truncate() of server/domain/text.ts:",
  );
});
