// The removal code of an app without a network: the user enters it, and its device is removed.
import { html } from "hono/html";
import { z } from "zod";
import { removeByCode, type RemovedDevice } from "../../domain/license_files/remove.ts";
import { type Answer, pageEndpoint } from "../../request/endpoint.ts";
import { pages } from "./form.ts";
import { form, page, paths, problem } from "./page.ts";
import type { PageGuards } from "./page_guards.ts";
import { againWhenRefused } from "./refused_form.ts";
import { typed } from "./sign_in_pages.ts";
import { userIdOf } from "./signed_in.ts";

const back = html`<nav><a href="${paths.account}">Back to your account</a></nav>`;

const codePage = (code = "", message?: string, status = 200): Answer =>
  page("Enter a removal code", [
    html`
      <p
        class="quiet">An app without a network shows a code after you removed the license in it. Enter it here to use the license on another device.</p>
    `,
    problem(message),
    form(
      paths.removalCode,
      [{ name: "code", label: "Removal code", type: "text", autocomplete: "off", value: code }],
      "Remove device",
      message !== undefined,
    ),
    back,
  ], { status });

function removedPage({ machineName, isChanged }: RemovedDevice): Answer {
  const device = machineName ?? "The device";
  return page(isChanged ? "Device removed" : "Nothing to remove", [
    html`<p>${device} ${
      isChanged ? "is removed. Its license can be used on another device." : "was removed already."
    }</p>`,
    back,
  ]);
}

export function removalPages(guards: PageGuards) {
  const common = {
    tag: "Account pages",
    dialect: pages,
    guard: guards.user,
    answers: { 200: { description: "An HTML page" } },
  } as const;
  return [
    pageEndpoint({
      ...common,
      method: "get",
      path: paths.removalCode,
      summary: "The page to enter a removal code",
      handle: () => codePage(),
    }),

    pageEndpoint({
      ...common,
      method: "post",
      path: paths.removalCode,
      summary: "Removes the device of a removal code",
      body: z.object({ code: typed }),
      handle({ ctx, body: { code }, request }) {
        if (code.trim() === "") return codePage("", "Enter the code that the app shows.", 400);
        return againWhenRefused(
          request,
          async () => removedPage(await removeByCode(ctx, { code, userId: userIdOf(ctx) })),
          (message, status, refusal) => codePage(code, refusal === "NOT_FOUND" ? NO_DEVICE : message, status),
        );
      },
    }),
  ];
}

const NO_DEVICE =
  "Your account has no device of this code. Sign in with the account that the license belongs to.";
