// The pages to sign in: with a password, with a link by mail, and the page behind that link. Opening the link uses
// nothing up, as mail scanners follow links; the user confirms with a button.
import { html } from "hono/html";
import { z } from "zod";
import { getLink, LINK_REQUESTED_MESSAGE, requestLink } from "../../domain/accounts/email_links.ts";
import { signOut } from "../../domain/accounts/end_sessions.ts";
import { SESSION_LIFETIME } from "../../domain/accounts/session.ts";
import { signIn } from "../../domain/accounts/sign_in.ts";
import { parseEmail } from "../../domain/email_address.ts";
import { fillAppLink } from "../../domain/settings/app_link.ts";
import { DomainError } from "../../domain/errors.ts";
import { type Answer, ok, pageEndpoint } from "../../request/endpoint.ts";
import { clearCookie, readCookie, setCookie, userCookie } from "../../request/cookies.ts";
import { countWrongCredential } from "../../request/credential_failures.ts";
import type { RequestContext } from "../../request/request_context.ts";
import { type Limits, perMailbox } from "../../request/limits.ts";
import { pages } from "./form.ts";
import { type Field, form, goTo, page, paths, problem } from "./page.ts";
import type { PageGuards } from "./page_guards.ts";

export const typed = z.string().max(1000).nullish().transform((text) => text ?? "").describe(
  "As it was typed into the form",
);
export const linkToken = z.object({
  token: z.string().max(255).describe("The token of an emailed link"),
});
export const NOT_AN_ADDRESS = "Enter a valid email address.";

/** Signs the browser in. */
export function setSessionCookie(request: RequestContext, token: string): void {
  setCookie(request, userCookie, token, new Date(request.now.getTime() + SESSION_LIFETIME));
}

export const emailField = (value = ""): Field => ({
  name: "email",
  label: "Email",
  type: "email",
  autocomplete: "username",
  value,
});

const signInPage = (email = "", message?: string, status = 200): Answer =>
  page("Sign in", [
    problem(message),
    form(
      paths.signIn,
      [
        emailField(email),
        { name: "password", label: "Password", type: "password", autocomplete: "current-password" },
      ],
      "Sign in",
      message !== undefined,
    ),
    html`<a class="button plain" href="${paths.magicLink}">Email me a sign-in link</a>
<nav><a href="${paths.password}">Forgot your password?</a><a href="${paths.register}">Create account</a></nav>`,
  ], { status });

const linkRequestPage = (email = "", message?: string): Answer =>
  page("Sign in with a link", [
    html`<p class="quiet">We'll email you a link. No password needed.</p>`,
    problem(message),
    form(paths.magicLink, [emailField(email)], "Email me a link", message !== undefined),
    html`<nav><a href="${paths.signIn}">Sign in with a password</a><a href="${paths.register}">Create account</a></nav>`,
  ], { status: message ? 400 : 200 });

/** The page after a request for a link, the same whether a mail is sent or not. */
export const checkMailPage = (sentence: string): Answer =>
  page(
    "Check your email",
    html`
      <p class="notice good" role="status">${sentence}</p>
      <p
        class="quiet small">Nothing after a few minutes? Check your spam folder or request a new link. Only the latest link works.</p>
    `,
  );

const linkPage = (email: string, token: string, appLink: string | null): Answer =>
  page("Sign in", [
    html`<p>You are about to sign in as <strong>${email}</strong>.</p>`,
    form(`${paths.link}/${token}`, [], "Continue in this browser"),
    appLink ? html`<a class="button plain" href="${appLink}">Continue in the app</a>` : html``,
    html`
      <h2>On another device?</h2>
      <p
        class="quiet small">Copy this code into the app. It works for one sign-in, in the browser or in the app.</p>
      <code>${token}</code>
    `,
  ]);

export function signInPages(guards: PageGuards, limits: Limits) {
  const common = {
    tag: "Account pages",
    dialect: pages,
    answers: { 200: { description: "An HTML page" } },
  } as const;
  return [
    pageEndpoint({
      ...common,
      method: "get",
      path: paths.signIn,
      guard: guards.anyone,
      summary: "The page to sign in",
      handle: () => signInPage(),
    }),

    pageEndpoint({
      ...common,
      method: "post",
      path: paths.signIn,
      guard: guards.signIn,
      summary: "Signs in with a password",
      body: z.object({ email: typed, password: typed }),
      async handle({ ctx, body, request }) {
        if (parseEmail(body.email) === null) return signInPage(body.email, NOT_AN_ADDRESS, 400);
        try {
          const { sessionToken } = await signIn(ctx, body, null);
          setSessionCookie(request, sessionToken);
          return goTo(paths.account);
        } catch (error) {
          if (!(error instanceof DomainError) || error.code !== "CREDENTIALS_INVALID") throw error;
          const limited = await countWrongCredential(request);
          if (limited) throw limited;
          return signInPage(body.email, "Incorrect email or password.", 401);
        }
      },
    }),

    pageEndpoint({
      ...common,
      method: "post",
      path: paths.signOut,
      guard: guards.user,
      summary: "Signs out",
      async handle({ ctx, request }) {
        await signOut(ctx, readCookie(request, userCookie)!);
        clearCookie(request, userCookie);
        return goTo(paths.signIn);
      },
    }),

    pageEndpoint({
      ...common,
      method: "get",
      path: paths.magicLink,
      guard: guards.anyone,
      summary: "The page to request a link",
      handle: () => linkRequestPage(),
    }),

    pageEndpoint({
      ...common,
      method: "post",
      path: paths.magicLink,
      guard: guards.signIn,
      summary: "Emails a sign-in link, for a form or a script",
      body: z.object({ email: typed }),
      limits: ({ body }) => perMailbox(limits, body.email),
      async handle({ ctx, body, request }) {
        const isForm = !request.raw.headers.get("content-type")?.startsWith("application/json");
        const email = body.email.trim();
        if (parseEmail(email) === null) {
          if (isForm) return linkRequestPage(email, NOT_AN_ADDRESS);
          const messages = { email: ["The email field must be a valid email address."] };
          return { status: 400, body: { error: "Validation failed", messages } };
        }
        await requestLink(ctx, { purpose: "sign_in", email });
        return isForm ? checkMailPage(LINK_REQUESTED_MESSAGE) : ok({ message: LINK_REQUESTED_MESSAGE });
      },
    }),

    pageEndpoint({
      ...common,
      method: "get",
      path: `${paths.link}/{token}`,
      guard: guards.anyone,
      summary: "The page of a link; opening it does not use the link",
      params: linkToken,
      async handle({ ctx, params }) {
        const { email } = await getLink(ctx, "sign_in", params.token);
        return linkPage(email, params.token, fillAppLink(ctx.settings.appLink, params.token));
      },
    }),

    pageEndpoint({
      ...common,
      method: "post",
      path: `${paths.link}/{token}`,
      guard: guards.signIn,
      summary: "Signs in with a link",
      params: linkToken,
      async handle({ ctx, params, request }) {
        const { sessionToken } = await signIn(ctx, { linkToken: params.token }, null);
        setSessionCookie(request, sessionToken);
        return goTo(paths.account);
      },
    }),
  ];
}
