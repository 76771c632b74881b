// One word for each idea, and it is the word of the field. Words that this project once coined stay out of code, comments,
// SQL, documentation and the panel, and the domain speaks no dialect's language.
import { test } from "../support/test.ts";
import { assertNone, code, find, type Source, sources, under, withoutComments } from "./source.ts";
import { type VisibleText, visibleTexts } from "./visible_text.ts";

/** A coined word, with the words of the field that replace it. */
const coined: [pattern: string, instead: string][] = [
  ["houses?", "server, system, services"],
  ["ears?|hearing|deaf", "change listener, isFresh, stale"],
  ["slips?", "checksum mismatch, typing error"],
  ["standings?|verdicts?|judges?|obstacles?", "validation result, evaluate, denial code"],
  ["signs? of life", "heartbeat"],
  ["seals?|sealed|unsealed", "encrypt, encrypted, decrypt"],
  ["foresight", "preview"],
  ["doors?", "endpoint, entry point"],
  ["linger(?:s|ing)?|gather(?:s|ed|ing|er)?", "batch, maxDelay"],
  ["heeding", "mapConstraintErrors"],
  ["posters?", "webhook client"],
  ["anew", "again"],
  ['somebody|(?<![`"])nobody|nobodys', "name who: a user, an administrator, no one"],
  ["switched (?:off|on)|switch(?:es|ing)? (?:off|on)", "disabled, enabled, disable, enable"],
  ["no end|without (?:an )?end", "never expires"],
  ["(?:a|its|the|every|this|each) (?:own )?rooms?", "folder, module"],
  ["foreign keys? from elsewhere|keys? from elsewhere", "imported key"],
  ["users at once", "concurrent users"],
  ["licenses that end", "expiring licenses"],
  ["rings? the bell", "enqueue"],
  ["hold(?:s|ing)? a place|takes? a place|free(?:s|d)? (?:a|the|its) place|places taken", "activation"],
  ["good until|begins? anew", "expires, restarts"],
];

/** Words that a person once read in the panel, on the account pages, in mails and in API messages. */
const unclear: [pattern: string, instead: string][] = [
  ["machines?", "device; of a server: server"],
  ["seats?(?!\\.)", "session, concurrent users"],
  ["everybody", "all members"],
  ["for ever|lasts|no end", "perpetual, never expires, duration"],
  ["(?:ends?|end) (?:by|this week|within)|valid until (?!or)", "expires"],
  ["any ?more", "no longer"],
  ["give[ns]? up|gave up", "failed"],
  ["tries", "attempts"],
  ["chosen?(?: none| all)?", "selected"],
  ["made|make (?:license|token|more|it)", "created, create"],
  ["take[sn]? (?:away|back|for|up)", "remove, unassign, map"],
  ["look(?:s|ed)? into", "view"],
  ["in a hundred", "%"],
  ["nowhere", "no active sessions"],
  ["telephone", "phone"],
  ["begun|began", "started"],
  ["told|tells? (?:that|them)", "say what happens: apps get, is returned"],
  ["whoever", "users, apps"],
  ["goes? on", "continue"],
  ["by (?:itself|themselves)", "automatically"],
  ["wants?", "requires"],
  ["not right|is right", "incorrect, correct"],
  [
    "what (?:happened|it was|was said|would happen)|with whom",
    "a noun: activity, type, notes, review, contact",
  ],
  ["has it no more|is free again", "unassigned, released"],
  ["does not answer|no answer", "not responding, no response"],
  ["let (?:in|you in)(?! at any time)", "sign in, reactivate"],
  ["(?:a|each|every) mail(?! server)|mails(?!/)|by mail", "an email, emails, emailed"],
];

/** Files with texts that a person reads. Names, comments and logs of other files are none. */
const isRead = (path: string) =>
  under("web/", "server/pages/", "server/admin/", "server/dialects/")(path) ||
  /^server\/request\/(?:\w+_messages|body|openapi|provider_sign_in|upload)\.ts$/.test(path) ||
  /^server\/domain\/.*(?:inputs|mails?|texts|settings\/schema|alert_conditions|alerts)\.ts$/.test(path);

/** Texts that are not the panel's: code that is shown, and forms of values. */
const isSample = (text: string) => /\bimport \S|<\?php|Bearer …|workstation, …/.test(text);

let read: VisibleText[] | undefined;
/** Every text that a person reads. */
const texts = () =>
  read ??= code.filter(({ path }) => isRead(path)).flatMap(visibleTexts)
    .filter(({ text }) => !isSample(text));

/** Names of code that once were, in any spelling. */
const names =
  /\b\w*(?:[Ff]oresee|foreseen|[Pp]rovedAt|proved_at|[Rr]equireFresh|[Hh]oldParent|openHouse|OpenHouse|closeDoors|createSeal|openEar|withPatience|PATIENCE|signsOfLife|SignOfLife|getStanding|writeSigns|switchedOff|switched_off|s[w]itchLicense|s[w]itchWebhook|foreignKeys|activationsTaken|ListAsk|askToProve)\w*/g;

const written = sources.filter(({ path }) =>
  /\.(?:tsx?|sql|md|json|yaml|html|css)$/.test(path) && path !== "deno.lock" &&
  path !== "tests/rules/vocabulary_test.ts"
);

test("no word that this project coined is left", () => {
  assertNone(
    coined.flatMap(([pattern, instead]) =>
      written.flatMap((source) => find(source, new RegExp(`\\b(?:${pattern})\\b`, "gi")))
        .map(({ at, found }) => `${at} says "${found[0]}": ${instead}`)
    ),
    "Use the word of the field:",
  );
});

test("what a person reads says it in the words of the field", () => {
  assertNone(
    unclear.flatMap(([pattern, instead]) => {
      const words = new RegExp(`(?<![-\\w])(?:${pattern})(?![-\\w])`, "i");
      return texts().flatMap(({ at, text }) => {
        const found = text.match(words);
        return found ? [`${at} says "${found[0]}" in "${text.slice(0, 80)}": ${instead}`] : [];
      });
    }),
    "Use the word of the field:",
  );
});

test("what is counted has the word of the field", () => {
  const counted = /(?:formatCount\([^"]*|one=|many=)"(?:machine|seat|place|mail)s?"/g;
  assertNone(
    code.filter(({ path }) => under("web/")(path)).flatMap((source) => find(source, counted))
      .map(({ at, found }) => `${at} has ${found[0]}`),
    "Count devices, sessions, activations and emails:",
  );
});

test("an ellipsis follows its word without a space", () => {
  assertNone(
    texts().filter(({ text }) => / …/.test(text)).map(({ at, text }) => `${at} says "${text}"`),
    "Write it as in: Save view…",
  );
});

test("dates and numbers of the panel are in the language of its words, whatever the browser's is", () => {
  const anyLocale =
    /\bIntl\.(?:DateTime|Number|RelativeTime|List)Format\((?!LOCALE\b)|\.toLocale(?:Date|Time)?String\(/g;
  assertNone(
    code.filter(({ path }) => under("web/")(path)).map(withoutComments)
      .flatMap((source) => find(source, anyLocale)).filter(({ at }) =>
        !inBrowserLanguage.has(at.split(":")[0])
      )
      .map(({ at, found }) => `${at} has ${found[0]}`),
    "Format with web/lib/format.ts, or with LOCALE of web/lib/time_format.ts:",
  );
});

test("no name that this project coined is left", () => {
  assertNone(
    // The changelog names what was renamed.
    written.filter(({ path }) => path !== "CHANGELOG.md")
      .flatMap((source) => find(source, names)).map(({ at, found }) => `${at} has ${found[0]}`),
    "Name it by what it is in the field's words:",
  );
});

/** Files that ask for the browser's language or clock. */
const inBrowserLanguage = new Set(["web/lib/time_format.ts", "web/lib/browser_language.ts"]);

/** What is left of a file when comments, texts and SQL are blanked. */
function withoutTexts(source: Source): Source {
  const { path, text } = withoutComments(source);
  // Templates may hold expressions that hold templates; the innermost are blanked first.
  let blanked = text.replace(/"(?:[^"\\\n]|\\.)*"/g, '""');
  for (let depth = 0; depth < 6; depth++) {
    blanked = blanked.replace(
      /`(?:[^`\\$]|\\.|\$(?!\{)|\$\{(?:[^`{}]|\{[^`{}]*\})*\})*`/g,
      (template) => "''" + template.replace(/[^\n]/g, ""),
    );
  }
  return { path, text: blanked };
}

/** Names that others define, each with who does. */
const foreignNames = new Map([
  ["skip_empty_lines", "an option of csv-parse"],
  ["relax_column_count", "an option of csv-parse"],
  ["max_record_size", "an option of csv-parse"],
  ["record_delimiter", "an option of csv-stringify"],
  ["quoted_match", "an option of csv-stringify"],
  ["in_grace", "a state of a license, a value that the License API sends"],
  ["not_yet_valid", "a state of a license, a value that the documented calls send"],
]);

test("the domain names its fields in camelCase: wire names belong to the dialects", () => {
  const snakeCase = /(?<![\w"'`$-])(?:\.|\b)([a-z][a-z0-9]*(?:_[a-z0-9]+)+)(?=\s*[:,}).?;=\]])/g;
  assertNone(
    code.filter(({ path }) => under("server/domain/")(path)).map(withoutTexts)
      .flatMap((source) => find(source, snakeCase)).filter(({ found }) => !foreignNames.has(found[1]))
      .map(({ at, found }) => `${at} has ${found[1]}`),
    "Write it in camelCase; the dialect that sends it knows its name there:",
  );
});

test("the domain knows no HTTP: no status, no header, no method", () => {
  const http =
    /\bstatus(?:Code)?:\s*[1-5]\d\d\b|\bHTTP [1-5]\d\d\b|\b(?:new )?(?:Response|Headers)\(|\brequest\.headers\b/g;
  assertNone(
    code.filter(({ path }) => under("server/domain/")(path)).map(withoutComments)
      .flatMap((source) => find(source, http)).map(({ at, found }) => `${at} has ${found[0]}`),
    "Answer with a code and its facts; the dialect turns them into a response:",
  );
});
