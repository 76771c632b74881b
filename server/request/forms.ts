// Bodies that are a form or a JSON object. Anything else counts as an empty object.
import { decodeText, parseJson } from "./body.ts";
import { parseMultipart } from "./multipart.ts";
import { isRequestError, refuseInput } from "./request_error.ts";

/**
 * Reads a form or a JSON object, by the media type.
 *
 * @throws RequestError INVALID_REQUEST when it is nested too deep
 */
export function readFormOrObject(text: string, request: Request): Record<string, unknown> {
  const isForm = request.headers.get("content-type")?.startsWith("application/x-www-form-urlencoded");
  // curl sends JSON given with -d under the media type of a form unless a header is set.
  return isForm && !text.trimStart().startsWith("{") ? readForm(text) : readObject(text);
}

/** Whether a request has a form with a file (multipart/form-data). */
export function hasFileForm({ headers }: Request): boolean {
  return /^multipart\/form-data\b/i.test(headers.get("content-type") ?? "");
}

/**
 * The fields of a form with files (multipart/form-data), which are read as text.
 *
 * @throws RequestError INVALID_REQUEST when it is not a form or was cut off
 */
export function readFileForm(text: string, { headers }: Request): Record<string, string> {
  const parts = parseMultipart(new TextEncoder().encode(text), headers.get("content-type")!);
  return Object.fromEntries(parts.map(({ name, content }) => [name, decodeText(content, "form")]));
}

function readObject(text: string): Record<string, unknown> {
  try {
    const value = parseJson(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? value as Record<string, unknown> : {};
  } catch (error) {
    if (isRequestError(error, "INVALID_REQUEST") && error.facts.problems[0].reason !== "too_deep") return {};
    throw error;
  }
}

/**
 * A form; a field called `name[]` may occur several times.
 *
 * @throws RequestError INVALID_REQUEST when what is percent-encoded is not UTF-8
 */
function readForm(text: string): Record<string, unknown> {
  const form = decodeForm(text);
  return Object.fromEntries(
    [...new Set(form.keys())].map((name) =>
      name.endsWith("[]") ? [name.slice(0, -2), form.getAll(name)] : [name, form.get(name)]
    ),
  );
}

/**
 * The fields of a form (application/x-www-form-urlencoded).
 *
 * @throws RequestError INVALID_REQUEST when what is percent-encoded is not UTF-8
 */
export function decodeForm(text: string): URLSearchParams {
  try {
    // URLSearchParams replaces what it cannot decode with U+FFFD. A % that encodes nothing is itself.
    decodeURIComponent(text.replace(/%(?![\da-f]{2})/gi, "%25"));
  } catch {
    refuseInput({ field: "body", reason: "not_utf8", message: "The body is not valid UTF-8." });
  }
  return new URLSearchParams(text);
}
