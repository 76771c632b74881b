// Requests over HTTP, and what answers that are no success mean for the person who called.
import { environment } from "./environment.ts";
import { CommandError } from "./exit_codes.ts";

/** @throws CommandError when there is no answer */
export async function send(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, redirect: "manual" });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandError(
      "notReached",
      `${new URL(url).origin} cannot be reached: ${reason}`,
      "Check the address, that the server runs, and the network.",
    );
  }
}

/** What an answer that is no success means for the person who called. */
export async function refusalOf(response: Response, url: string): Promise<CommandError> {
  const text = await response.text();
  const location = response.headers.get("location");
  if (location !== null) {
    return new CommandError("refused", `${url} leads to ${location}.`, "Name the address that it leads to.");
  }
  const { error } = parse(text);
  const { status } = response;
  if (typeof error?.code !== "string") {
    return new CommandError(
      status >= 500 ? "notReached" : "refused",
      `${url} answered ${status} without saying why.`,
      "Check that the address is that of Latchkey.",
    );
  }
  const facts = {
    code: error.code,
    details: error.details ?? {},
    status,
    request_id: response.headers.get("x-request-id"),
  };
  if (status === 401 || error.code === "REAUTHENTICATION_REQUIRED") {
    const next = environment.LATCHKEY_TOKEN
      ? "Replace LATCHKEY_TOKEN, or unset it and use latchkey sign-in; access tokens may not change secrets."
      : `latchkey sign-in --url ${url}`;
    return new CommandError("notSignedIn", error.message, next, facts);
  }
  const exit = status === 503 || status === 502 || status === 504 ? "notReached" : "refused";
  return new CommandError(exit, error.message, status === 500 ? `Report ${facts.request_id}.` : null, facts);
}

function parse(text: string): { error?: { code?: unknown; message: string; details?: object } } {
  try {
    const read = JSON.parse(text);
    return typeof read === "object" && read !== null ? read : {};
  } catch {
    return {};
  }
}
