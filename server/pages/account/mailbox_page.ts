// The mailbox of development: all mail that was sent, so that links can be followed without a mail server.
import { html } from "hono/html";
import { listReadableMails } from "../../domain/mail/mail.ts";
import { pageEndpoint } from "../../request/endpoint.ts";
import { pages } from "./form.ts";
import { page } from "./page.ts";
import type { PageGuards } from "./page_guards.ts";

export function mailboxPage(guards: PageGuards) {
  return pageEndpoint({
    method: "get",
    path: "/mailbox",
    tag: "Account pages",
    dialect: pages,
    guard: guards.anyone,
    summary: "Mail that was sent, in development",
    answers: { 200: { description: "An HTML page" } },
    async handle({ ctx }) {
      const mails = await listReadableMails(ctx);
      return page("Mailbox", [
        html`<p class="quiet">What was sent by mail, the newest first. Only in development.</p>`,
        ...mails.map((mail) =>
          html`<article>
<strong>${mail.subject}</strong><br>
<span class="quiet small">To ${mail.recipient}, ${mail.createdAt.toISOString()}${
            mail.sentAt ? "" : ", waiting to be sent"
          }</span>
<pre>${
            mail.text.split(/(https?:\/\/\S+)/).map((part, index) =>
              index % 2 ? html`<a href="${part}">${part}</a>` : part
            )
          }</pre>
</article>`
        ),
        mails.length > 0 ? html`` : html`<p>Nothing yet.</p>`,
      ], { wide: true });
    },
  });
}
