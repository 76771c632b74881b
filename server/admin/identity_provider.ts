// Signing in with the company's identity provider: the address that the browser opens there, and where it comes back to.
import { z } from "zod";
import { providerSignIn } from "../domain/administrators/inputs.ts";
import { type Dialect, type Endpoint, endpoint, ok } from "../request/endpoint.ts";
import { documentedForm } from "../request/error_form.ts";
import type { Guards } from "../request/guards.ts";
import { CALLBACK_PATH } from "../request/identity_provider.ts";
import { beginProviderSignIn, finishProviderSignIn, problemPage } from "../request/provider_sign_in.ts";
import { bodyOf } from "./wire.ts";

/** A browser follows an address here, so errors are a page: the sign-in page with a sentence. */
const signInPage: Dialect = {
  errorSchema: z.string().meta({
    id: "SignInPageError",
    description: "Empty; Location is the page that shows the error",
  }),
  errorResponse: (error) => goTo(problemPage(error)),
};

const goTo = (location: string) => ({ status: 303 as const, body: null, headers: { location } });

export function identityProviderEndpoints(guards: Guards): Endpoint[] {
  return [
    endpoint({
      tag: "Account",
      dialect: documentedForm,
      method: "post",
      path: "/api/admin/login/provider",
      operationId: "startProviderSignIn",
      summary: "Start a sign-in with the identity provider",
      description:
        "Returns the URL that the browser opens, and a cookie that binds the sign-in to this browser for ten minutes. NOT_FOUND when no provider is configured.",
      guard: guards.signIn,
      body: bodyOf(providerSignIn),
      answers: {
        200: {
          description: "Where the browser signs in",
          schema: z.object({ url: z.string().describe("Address at the identity provider") }).meta({
            examples: [{
              url: "https://login.example.com/authorize?client_id=latchkey&response_type=code&…",
            }],
          }),
        },
      },
      errors: ["NOT_FOUND", "IDENTITY_PROVIDER_UNAVAILABLE"],
      handle: async ({ ctx, body, request }) =>
        ok(
          await beginProviderSignIn(request, ctx, {
            returnTo: body.returnTo ?? "/dashboard",
            isReauthentication: false,
          }),
        ),
    }),

    endpoint({
      tag: "Account",
      dialect: signInPage,
      method: "get",
      path: CALLBACK_PATH,
      operationId: "finishProviderSignIn",
      summary: "Handle the callback of the identity provider",
      description:
        "The redirect URI to register at the provider (OpenID Connect Core 1.0, section 3.1.2.5). Redirects to the panel, signed in, or to the sign-in page, which shows the error.",
      guard: guards.signIn,
      query: z.looseObject({
        state: z.string().max(255).optional().describe("State of the request"),
        code: z.string().max(8192).optional().describe("Authorization code"),
        iss: z.string().max(2048).optional().describe("Issuer (RFC 9207)"),
        error: z.string().max(255).optional().describe("Error of the provider"),
      }),
      answers: { 303: { description: "Redirect to the panel, or to the sign-in page with the problem" } },
      errors: ["NOT_FOUND", "IDENTITY_REFUSED", "IDENTITY_PROVIDER_UNAVAILABLE"],
      handle: async ({ ctx, query, request }) =>
        goTo(
          await finishProviderSignIn(request, ctx, {
            search: new URL(request.raw.url).search,
            state: query.state ?? null,
          }),
        ),
    }),
  ];
}
