// The pages to register and to choose a password. Both start with an email, so that an account is only created by the
// owner of its address, and the responses do not reveal which addresses have one.
import { html } from "hono/html";
import { z } from "zod";
import { getLink, requestLink } from "../../domain/accounts/email_links.ts";
import { changePassword, register, resetPassword } from "../../domain/accounts/choose_password.ts";
import { MIN_PASSWORD_LENGTH } from "../../domain/passwords/password_rules.ts";
import type { SignInResult } from "../../domain/accounts/sign_in.ts";
import { parseEmail } from "../../domain/email_address.ts";
import { DomainError } from "../../domain/errors.ts";
import { safeParse } from "../../domain/safe_parse.ts";
import { describeApiError } from "../../request/error_form.ts";
import { type Answer, type Endpoint, pageEndpoint } from "../../request/endpoint.ts";
import { countCredentialFailure } from "../../request/credential_failures.ts";
import type { RequestContext } from "../../request/request_context.ts";
import { text } from "../../request/fields.ts";
import type { Limit } from "../../request/rate_limiter.ts";
import { type Limits, perMailbox } from "../../request/limits.ts";
import { pages } from "./form.ts";
import { type Field, form, goTo, page, paths, problem } from "./page.ts";
import {
  checkMailPage,
  emailField,
  linkToken,
  NOT_AN_ADDRESS,
  setSessionCookie,
  typed,
} from "./sign_in_pages.ts";
import type { PageGuards } from "./page_guards.ts";

const newPassword: Field = {
  name: "password",
  label: `Password, ${MIN_PASSWORD_LENGTH} characters or more`,
  type: "password",
  autocomplete: "new-password",
  minlength: MIN_PASSWORD_LENGTH,
};

const registerPage = (given = { email: "", name: "" }, message?: string): Answer =>
  page("Create account", [
    html`<p class="quiet">We'll email you a link to verify your address. You set a password after that.</p>`,
    problem(message),
    form(
      paths.register,
      [
        { name: "name", label: "Name", type: "text", autocomplete: "name", value: given.name },
        emailField(given.email),
      ],
      "Create account",
      message !== undefined,
    ),
    html`<nav><a href="${paths.signIn}">Already have an account? Sign in</a></nav>`,
  ], { status: message ? 400 : 200 });

const forgotPage = (email = "", message?: string): Answer =>
  page("Reset your password", [
    html`<p class="quiet">We'll email you a link.</p>`,
    problem(message),
    form(paths.password, [emailField(email)], "Email me a link", message !== undefined),
    html`<nav><a href="${paths.signIn}">Sign in</a></nav>`,
  ], { status: message ? 400 : 200 });

const choosePage = (title: string, email: string, action: string, message?: string): Answer =>
  page(title, [
    html`<p class="quiet">For <strong>${email}</strong></p>`,
    problem(message),
    form(action, [newPassword], "Save and sign in", message !== undefined),
  ], { status: message ? 400 : 200 });

/** The page to change a password that is known, or to set a first one. */
export const changePage = (hasOne: boolean, message?: string, status = 200): Answer =>
  page(hasOne ? "Change your password" : "Set a password", [
    problem(message),
    form(
      paths.changePassword,
      [
        ...(hasOne
          ? [
            {
              name: "current_password",
              label: "Current password",
              type: "password",
              autocomplete: "current-password",
            } as const,
          ]
          : []),
        newPassword,
      ],
      "Save",
      message !== undefined,
    ),
    html`<p class="quiet small">This signs you out everywhere else.</p>
<nav><a href="${paths.account}">Back to your account</a></nav>`,
  ], { status });

export function passwordPages(guards: PageGuards, limits: Limits): Endpoint[] {
  const common = {
    tag: "Account pages",
    dialect: pages,
    answers: { 200: { description: "An HTML page" } },
  } as const;
  const perAddress = (email: string): [Limit, string][] => perMailbox(limits, email);
  const showPage = (path: string, summary: string, handle: () => Answer) =>
    pageEndpoint({ ...common, method: "get", path, guard: guards.anyone, summary, handle });

  /** The two pages behind a link that end with a password. */
  const choose = (
    purpose: "register" | "password",
    title: string,
    save: typeof register,
  ): Endpoint[] => {
    const path = paths[purpose];
    return [
      pageEndpoint({
        ...common,
        method: "get",
        path: `${path}/{token}`,
        guard: guards.anyone,
        summary: `${title}: the page behind the link`,
        params: linkToken,
        async handle({ ctx, params: { token } }) {
          const { email } = await getLink(ctx, purpose, token);
          return choosePage(title, email, `${path}/${token}`);
        },
      }),
      pageEndpoint({
        ...common,
        method: "post",
        path: `${path}/{token}`,
        guard: guards.signIn,
        summary: title,
        params: linkToken,
        body: z.object({ password: typed }),
        handle: ({ ctx, params: { token }, body, request }) =>
          enter(request, () => save(ctx, { token, password: body.password }), async (message) => {
            const { email } = await getLink(ctx, purpose, token);
            return choosePage(title, email, `${path}/${token}`, message);
          }),
      }),
    ];
  };

  return [
    showPage(paths.register, "The page to create an account", () => registerPage()),
    pageEndpoint({
      ...common,
      method: "post",
      path: paths.register,
      guard: guards.signIn,
      summary: "Emails a link to create an account",
      body: z.object({ email: typed, name: typed }),
      limits: ({ body }) => perAddress(body.email),
      async handle({ ctx, body }) {
        const given = { email: body.email.trim(), name: body.name.trim() };
        if (parseEmail(given.email) === null) return registerPage(given, NOT_AN_ADDRESS);
        if (!safeParse(text(255), given.name).success) {
          return registerPage(given, "Enter your name (up to 255 characters).");
        }
        await requestLink(ctx, { purpose: "register", ...given });
        return checkMailPage(`We've emailed a link to ${given.email}. Open it to continue.`);
      },
    }),
    ...choose("register", "Set a password", register),

    showPage(paths.password, "The page for a forgotten password", () => forgotPage()),
    pageEndpoint({
      ...common,
      method: "post",
      path: paths.password,
      guard: guards.signIn,
      summary: "Emails a link to reset the password",
      body: z.object({ email: typed }),
      limits: ({ body }) => perAddress(body.email),
      async handle({ ctx, body }) {
        const email = body.email.trim();
        if (parseEmail(email) === null) return forgotPage(email, NOT_AN_ADDRESS);
        await requestLink(ctx, { purpose: "password", email });
        return checkMailPage(
          "If this address has an account, a link to reset the password has been sent.",
        );
      },
    }),
    ...choose("password", "Reset your password", resetPassword),

    pageEndpoint({
      ...common,
      method: "post",
      path: paths.changePassword,
      guard: guards.user,
      summary: "Changes the password of who is signed in",
      body: z.object({ current_password: typed, password: typed }),
      handle: ({ ctx, body, request }) =>
        enter(
          request,
          () =>
            changePassword(ctx, {
              userId: (ctx.actor as { id: number }).id,
              current: body.current_password,
              password: body.password,
            }),
          (message, status) => changePage(body.current_password !== "", message, status),
        ),
    }),
  ];
}

/** Signs in with what was chosen, or shows the form again with what was wrong. */
async function enter(
  request: RequestContext,
  save: () => Promise<SignInResult>,
  again: (message: string, status: number) => Answer | Promise<Answer>,
): Promise<Answer> {
  try {
    const { sessionToken } = await save();
    setSessionCookie(request, sessionToken);
    return goTo(paths.account);
  } catch (error) {
    const isForm = error instanceof DomainError &&
      ["INVALID_REQUEST", "CREDENTIALS_INVALID"].includes(error.code);
    if (!isForm) throw error;
    const counted = await countCredentialFailure(request, error);
    if (counted !== error) throw counted;
    const { message, status } = describeApiError(error);
    return await again(message, status);
  }
}
