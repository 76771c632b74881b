// The mailbox of development: all mail that was sent, so that links can be followed without a mail server, and a preview of
// every mail there is, as text and as HTML.
import { html } from "hono/html";
import { z } from "zod";
import { getReadableMail, listReadableMails } from "../../domain/mail/mail.ts";
import { mailKindNames, mailKinds } from "../../domain/mail/kinds/kinds.ts";
import { brandOf } from "../../domain/mail/queue.ts";
import { layOutSample } from "../../domain/mail/templates.ts";
import { type Answer, pageEndpoint } from "../../request/endpoint.ts";
import { writeInstant } from "./dates.ts";
import { pages } from "./form.ts";
import { page, pageHeaders } from "./page.ts";
import type { PageGuards } from "./page_guards.ts";

const MAILBOX = "/mailbox";
const PREVIEWS = `${MAILBOX}/previews`;

export function mailboxPages(guards: PageGuards) {
  const common = {
    method: "get",
    tag: "Account pages",
    dialect: pages,
    guard: guards.anyone,
    answers: { 200: { description: "An HTML page" } },
  } as const;
  return [
    pageEndpoint({
      ...common,
      path: MAILBOX,
      summary: "Sent emails, in development",
      handle: async ({ ctx }) => mailboxPage(await listReadableMails(ctx)),
    }),
    pageEndpoint({
      ...common,
      path: `${MAILBOX}/mails/{id}`,
      summary: "An email as HTML, in development",
      params: z.object({ id: z.coerce.number().int().min(1).describe("Its id") }),
      errors: ["NOT_FOUND"],
      handle: async ({ ctx, params }) => mailPage((await getReadableMail(ctx, params.id)).html),
    }),
    pageEndpoint({
      ...common,
      path: PREVIEWS,
      summary: "Previews of all emails, in development",
      handle: ({ ctx }) => previewsPage(brandOf(ctx)),
    }),
    pageEndpoint({
      ...common,
      path: `${PREVIEWS}/{kind}`,
      summary: "A preview of an email as HTML, in development",
      params: z.object({ kind: z.string().max(63).describe("Kind of email") }),
      errors: ["NOT_FOUND"],
      handle: ({ ctx, params }) => mailPage(layOutSample(params.kind, null, brandOf(ctx)).html),
    }),
  ];
}

type Mails = Awaited<ReturnType<typeof listReadableMails>>;

function mailboxPage(mails: Mails): Answer {
  return page("Mailbox", [
    html`<p class="quiet">Sent emails, the newest first. In development only.</p>
<nav><a href="${PREVIEWS}">Preview all emails</a></nav>`,
    ...mails.map((mail) =>
      html`<article>
<strong>${mail.subject}</strong><br>
<span class="quiet small">To ${mail.recipient}, ${writeInstant(mail.createdAt)}${
        mail.sentAt ? "" : ", waiting to be sent"
      } · <a href="${MAILBOX}/mails/${String(mail.id)}">HTML</a></span>
${textOf(mail.text)}
</article>`
    ),
    mails.length > 0 ? html`` : html`<p>No emails yet.</p>`,
  ], { wide: true });
}

function previewsPage(brand: ReturnType<typeof brandOf>): Answer {
  return page("Email previews", [
    html`<p class="quiet">With sample values, the brand from the settings and the default templates.</p>`,
    ...mailKindNames.map((kind) => {
      const { subject, text } = layOutSample(kind, null, brand);
      const { title, description } = mailKinds[kind];
      return html`<article>
<strong>${title}</strong><br>
<span class="quiet small">${description}. · <a href="${PREVIEWS}/${kind}">HTML</a></span>
<pre>Subject: ${subject}</pre>
${textOf(text)}
</article>`;
    }),
  ], { wide: true });
}

/** The text of a mail, with its links. */
function textOf(text: string) {
  return html`<pre>${
    text.split(/(https?:\/\/\S+)/).map((part, index) =>
      index % 2 ? html`<a href="${part}">${part}</a>` : part
    )
  }</pre>`;
}

/** A mail as a page: it has its own styles, and its logo is loaded from where it is. */
function mailPage(mail: string): Answer {
  return {
    status: 200,
    body: mail,
    headers: {
      ...pageHeaders,
      "content-security-policy":
        "default-src 'none'; style-src 'unsafe-inline'; img-src https:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    },
  };
}
