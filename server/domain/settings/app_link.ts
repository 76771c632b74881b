// The link that opens an app with the token of a sign-in link. Whoever controls where it leads can sign in as every user who
// follows it, so it is checked when it is saved and again when a page shows it.

const PLACEHOLDER = "{token}";

/** What a link has to be, for whoever enters another. */
export const APP_LINK_FORM = "https: or a scheme of the app's own, such as myapp:, with {token} once";

/** A scheme (RFC 3986, section 3.1) and printable ASCII with the placeholder in it, or nothing. */
export const appLinkPattern = /^([A-Za-z][A-Za-z0-9+.-]*:[!-~]*\{token\}[!-~]*)?$/;

/**
 * Schemes that a browser or an operating system handles itself: they run script, read files, send the token in the clear or
 * to another program than the app.
 */
const refusedSchemes = new Set([
  "about",
  "blob",
  "chrome",
  "content",
  "data",
  "edge",
  "feed",
  "file",
  "filesystem",
  "ftp",
  "http",
  "intent",
  "jar",
  "javascript",
  "livescript",
  "mailto",
  "mhtml",
  "mk",
  "mocha",
  "res",
  "resource",
  "search",
  "search-ms",
  "sftp",
  "shell",
  "sms",
  "smb",
  "ssh",
  "tel",
  "telnet",
  "vbs",
  "vbscript",
  "view-source",
  "ws",
  "wss",
]);

/**
 * Whether a text is a link to an app: https, where the token is not part of the host, or a scheme of the app's own. Empty
 * means none.
 */
export function isAppLink(text: string): boolean {
  if (text === "") return true;
  if (!appLinkPattern.test(text) || /["'<>\\`]/.test(text) || text.split(PLACEHOLDER).length !== 2) {
    return false;
  }
  const scheme = text.slice(0, text.indexOf(":")).toLowerCase();
  if (refusedSchemes.has(scheme) || scheme.startsWith("ms-")) return false;
  if (scheme !== "https") return true;
  const [one, other] = ["1", "2"].map((token) => URL.parse(text.replace(PLACEHOLDER, token)));
  return one !== null && one.host === other?.host && one.username === "" && one.password === "";
}

/**
 * The link that opens the app with a token.
 *
 * @param template the setting
 * @returns null when there is none, or one that is not allowed
 */
export function fillAppLink(template: string, token: string): string | null {
  return template !== "" && isAppLink(template)
    ? template.replace(PLACEHOLDER, () => encodeURIComponent(token))
    : null;
}
