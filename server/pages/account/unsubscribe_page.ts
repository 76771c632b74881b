// The page to unsubscribe from a kind of mail. Opening it changes nothing, as mail scanners follow links; a mail program that
// unsubscribes with one click sends the form itself (RFC 8058).
import { html } from "hono/html";
import { z } from "zod";
import type { Context } from "../../domain/context.ts";
import { brandOf } from "../../domain/mail/queue.ts";
import {
  getSubscription,
  setSubscribed,
  type Subscription,
  UNSUBSCRIBE_PATH,
} from "../../domain/mail/subscriptions.ts";
import type { Answer } from "../../request/endpoint.ts";
import { pageEndpoint } from "../../request/endpoint.ts";
import { pages } from "./form.ts";
import { page } from "./page.ts";
import type { PageGuards } from "./page_guards.ts";

const params = z.object({
  kind: z.string().max(63).describe("Which mail"),
  token: z.string().max(64).describe("The token of the link in the email"),
});

/** An empty form unsubscribes, as does what RFC 8058 sends. */
const body = z.looseObject({
  subscribe: z.string().max(10).optional().describe("“yes” subscribes again"),
});

export function unsubscribePages(guards: PageGuards) {
  const common = {
    path: `${UNSUBSCRIBE_PATH}/{kind}/{token}`,
    tag: "Account pages",
    dialect: pages,
    guard: guards.anyone,
    params,
    answers: { 200: { description: "An HTML page" } },
  } as const;
  return [
    pageEndpoint({
      ...common,
      errors: ["NOT_FOUND"],
      method: "get",
      summary: "The page to unsubscribe from a kind of mail",
      handle: async ({ ctx, params }) => subscriptionPage(ctx, await getSubscription(ctx, params)),
    }),
    pageEndpoint({
      ...common,
      errors: ["NOT_FOUND"],
      method: "post",
      summary: "Unsubscribes from a kind of mail, or subscribes again",
      body,
      handle: async ({ ctx, params, body }) =>
        subscriptionPage(
          ctx,
          await setSubscribed(ctx, { ...params, isSubscribed: body.subscribe === "yes" }),
        ),
    }),
  ];
}

function subscriptionPage(ctx: Pick<Context, "settings">, { title, isUnsubscribed }: Subscription): Answer {
  const { name } = brandOf(ctx);
  return isUnsubscribed
    ? page("You are unsubscribed", [
      html`<p class="notice good" role="status">You get no more emails of this kind from ${name}: ${title}.</p>
<form method="post"><input type="hidden" name="subscribe" value="yes">
<button type="submit" class="plain">Subscribe again</button></form>`,
    ])
    : page("Unsubscribe", [
      html`<p>You get emails of this kind from ${name}: <strong>${title}</strong>.</p>
<p class="quiet small">Emails that you request yourself, such as sign-in links, are still sent.</p>
<form method="post"><button type="submit">Unsubscribe</button></form>`,
    ]);
}
