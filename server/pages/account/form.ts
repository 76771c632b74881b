// Errors of account pages are pages too. A request without a session is redirected to the sign-in page.
import { html } from "hono/html";
import { z } from "zod";
import type { Dialect } from "../../request/endpoint.ts";
import { describeApiError } from "../../request/error_form.ts";
import { hasFileForm, readFileForm, readFormOrObject } from "../../request/forms.ts";
import type { ApiError } from "../../request/request_error.ts";
import { goTo, page, paths, withBrand } from "./page.ts";

export const pages: Dialect = {
  errorSchema: z.union([
    z.string(),
    z.object({
      error: z.string().describe("Readable message, for scripts"),
      messages: z.record(z.string(), z.array(z.string())).describe("Validation errors by field"),
    }),
  ]),
  parse: (text, request) =>
    hasFileForm(request) ? readFileForm(text, request) : readFormOrObject(text, request),
  complete: withBrand,
  errorResponse(error) {
    const { status, message } = describeApiError(error);
    switch (error.code) {
      case "SESSION_TOKEN_REQUIRED":
      case "SESSION_TOKEN_INVALID":
        return goTo(paths.signIn);
      case "MAGIC_LINK_INVALID":
        return page(
          "This link has expired",
          html`<p>It was already used, is older than 1 hour, or was replaced by a newer link.</p>
<a class="button" href="${paths.magicLink}">Email me a new link</a>
<nav><a href="${paths.password}">Forgot your password?</a><a href="${paths.register}">Create account</a></nav>`,
          { status: 410 },
        );
      case "RATE_LIMITED":
        return page(
          "Too many attempts",
          html`<p>Try again in ${waitOf(error)}, or sign in with a link.</p>
<a class="button" href="${paths.magicLink}">Email me a sign-in link</a>`,
          { status },
        );
      case "CROSS_SITE":
        return page(
          "Something went wrong",
          html`<p>This request came from another site. Go back and try again.</p>`,
          { status },
        );
      case "NOT_FOUND":
      case "DEVICE_NOT_FOUND":
        if ("subject" in error.facts && error.facts.subject === "subscription") {
          return page(
            "This link is not valid",
            html`<p>Open the link at the end of the latest email again, or reply to that email to be unsubscribed.</p>`,
            { status },
          );
        }
        return page(
          "Page not found",
          html`<a class="button" href="${paths.account}">Go to your account</a>`,
          { status },
        );
      default:
        return page("Something went wrong", html`<p>${message}</p>`, { status });
    }
  },
};

/** How long a refused client waits, in words. */
function waitOf({ facts }: ApiError): string {
  const seconds = "retryAfter" in facts ? facts.retryAfter : 60;
  const minutes = Math.ceil(seconds / 60);
  return minutes === 1 ? "1 minute" : `${minutes} minutes`;
}
