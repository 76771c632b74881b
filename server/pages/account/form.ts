// Errors of account pages are pages too. A request without a session is redirected to the sign-in page.
import { html } from "hono/html";
import { z } from "zod";
import type { Dialect } from "../../request/endpoint.ts";
import { describeApiError } from "../../request/error_form.ts";
import { readFormOrObject } from "../../request/forms.ts";
import type { ApiError } from "../../request/request_error.ts";
import { goTo, page, paths } from "./page.ts";

export const pages: Dialect = {
  errorSchema: z.union([
    z.string(),
    z.object({
      error: z.string().describe("Readable message, for scripts"),
      messages: z.record(z.string(), z.array(z.string())).describe("Validation errors by field"),
    }),
  ]),
  parse: readFormOrObject,
  errorResponse(error) {
    const { status, message } = describeApiError(error);
    switch (error.code) {
      case "SESSION_TOKEN_REQUIRED":
      case "SESSION_TOKEN_INVALID":
        return goTo(paths.signIn);
      case "MAGIC_LINK_INVALID":
        return page(
          "This link is over",
          html`<p>It was used already, is older than an hour, or a newer one was sent.</p>
<a class="button" href="${paths.magicLink}">Send me a new link</a>
<nav><a href="${paths.password}">Forgot your password?</a><a href="${paths.register}">Register</a></nav>`,
          { status: 410 },
        );
      case "RATE_LIMITED":
        return page(
          "Too many tries",
          html`<p>Go back and try again in ${waitOf(error)}, or have a link mailed to you.</p>
<a class="button" href="${paths.magicLink}">Send me a link instead</a>`,
          { status },
        );
      case "CROSS_SITE":
        return page(
          "That did not work",
          html`<p>This was sent from another site. Open our page and try again.</p>`,
          { status },
        );
      case "NOT_FOUND":
      case "DEVICE_NOT_FOUND":
        return page(
          "There is nothing here",
          html`<a class="button" href="${paths.account}">To your account</a>`,
          { status },
        );
      default:
        return page("That did not work", html`<p>${message}</p>`, { status });
    }
  },
};

/** How long a refused client waits, in words. */
function waitOf({ facts }: ApiError): string {
  const seconds = "retryAfter" in facts ? facts.retryAfter : 60;
  const minutes = Math.ceil(seconds / 60);
  return minutes === 1 ? "a minute" : `${minutes} minutes`;
}
