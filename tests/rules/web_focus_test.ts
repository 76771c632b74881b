// The panel's rules for the keyboard: everything modal is a `Modal`, pages have a heading that takes the focus, and buttons
// that are repeated name their object.
import { test } from "../support/test.ts";
import { assertNone, code, find, imports, sourceOf, under, withoutComments } from "./source.ts";

const panel = code.filter(({ path }) => under("web/")(path)).map(withoutComments);

function assertNowhere(pattern: RegExp, allowed: string[], rule: string): void {
  assertNone(
    panel.filter(({ path }) => !allowed.includes(path))
      .flatMap((source) => find(source, pattern)).map(({ at, found }) => `${at} has ${found[0].trim()}`),
    rule,
  );
}

test("everything modal is built from web/ui/Modal.tsx", () => {
  assertNone(
    imports.filter(({ from, to }) =>
      from !== "web/ui/Modal.tsx" && /^@kobalte\/core\/(alert-)?dialog$/.test(to)
    ).map(({ from, line }) => `${from}:${line}`),
    "Use `Dialog`, or `Modal` where it has another frame:",
  );
  assertNowhere(
    /role="(?:alert)?dialog"|aria-modal|<dialog\b|\bshowModal\(|<Portal\b/g,
    [],
    "Use `Dialog`, or `Modal` where it has another frame:",
  );
});

test("headings of pages are written by the frames of pages alone", () => {
  const frames = [
    "web/ui/Page.tsx",
    "web/pages/sign_in/SignInLayout.tsx",
    "web/layout/SecondFactorRequired.tsx",
  ];
  assertNowhere(/<h1\b/g, frames, "Use `Page`, whose heading takes the focus:");
  assertNone(
    frames.filter((path) => !/<h1\s[^>]*tabindex="-1"/.test(sourceOf(path))),
    "The heading of a page can take the focus:",
  );
});

test("where the focus goes is decided in web/ui/focus.ts", () => {
  assertNowhere(
    /\bonCloseAutoFocus\b|\bonOpenAutoFocus\b|\breturnFocus\(/g,
    ["web/ui/Modal.tsx", "web/ui/focus.ts"],
    "Leave it to `Modal` and `keepFocus`:",
  );
});

test("nothing below the layout suspends its page, which would take the focus away", () => {
  const outside = panel.map(({ path }) => path).filter((path) =>
    path.startsWith("web/layout/") || path.startsWith("web/pages/sign_in/")
  );
  assertNowhere(/\bcreateResource\b|\bcreateAsync\b|\buseQuery\(/g, outside, "Use `useApiQuery`:");
});

/** Messages about the only thing of its kind. */
const unnamed = [
  "Two-factor authentication is on.",
  "Two-factor authentication is off.",
  "Password changed. Other sessions and access tokens were revoked.",
  "New signing key created.",
  "Next signing key announced.",
  "The new key signs now.",
  "The server was updated. This page was reloaded.",
  "No unread notifications.",
  "Nothing was undone.",
  "Import cancelled. Nothing was saved.",
  "Copied. The signature is from the last attempt; most endpoints accept it for 5 minutes.",
];

test("messages name the object they are about", () => {
  const call = /\b(?:toast|runWithToast)\(((?:[^()]|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))*)\)/g;
  assertNone(
    panel.flatMap((source) => find(source, call)).flatMap(({ at, found }) =>
      [...found[1].matchAll(/"([A-Z][^"]*\.)"/g)].map(([, message]) => ({ at, message }))
    ).filter(({ message }) => !unnamed.includes(message)).map(({ at, message }) => `${at}: ${message}`),
    "Write its name into the message:",
  );
});

test("codes that follow a name are written by CodeField", () => {
  assertNowhere(/<TextField[^>]*\bname="code"/g, ["web/ui/CodeField.tsx"], "Use `CodeField`:");
});

test("license keys are shown in groups, by LicenseKey", () => {
  assertNowhere(
    /(?:>|font-mono[^<>]*>)\s*\{(?:\w+\.)*(?:licenseKey|license\.key)\}/g,
    [],
    "Write <LicenseKey text={…} />:",
  );
});
