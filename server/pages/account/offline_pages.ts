// Activating a device without a network: the user enters the request that its app shows, and gets the license file.
import { html, raw } from "hono/html";
import { z } from "zod";
import { MAX_FILE_LENGTH } from "../../domain/license_files/inputs.ts";
import { type FileOfRequest, issueRequestedFile } from "../../domain/license_files/requested_file.ts";
import { type Answer, pageEndpoint } from "../../request/endpoint.ts";
import { readOfflineRequest } from "../../request/offline_requests.ts";
import { wireFileClaims } from "../../request/wire_files.ts";
import { writeInstant } from "./dates.ts";
import { pages } from "./form.ts";
import { page, paths, problem } from "./page.ts";
import type { PageGuards } from "./page_guards.ts";
import { qrCode } from "./qr_code.ts";
import { againWhenRefused } from "./refused_form.ts";
import { userIdOf } from "./signed_in.ts";

/** As it was pasted or uploaded; longer ones are told apart from requests by their length. */
const entered = z.string().nullish().transform((text) => text ?? "");

const body = z.object({
  request: entered.describe("The request that the app shows, as text"),
  file: entered.describe("The request as a file, which is used if there is one"),
});

const back = html`<nav><a href="${paths.account}">Back to your account</a></nav>`;

const offlinePage = (request = "", message?: string, status = 200): Answer =>
  page("Activate a device without a network", [
    html`
      <p
        class="quiet">The app on the device shows a request, as text, as a file or as a QR code. Enter it here, and bring the license file back to the device.</p>
    `,
    problem(message),
    html`
      <form method="post" action="${paths.offline}" enctype="multipart/form-data">
        <label for="request">Request</label>
        ${requestArea(request, message !== undefined)}
        <label for="file">Or choose its file</label>
        <input id="file" name="file" type="file">
        <button type="submit">Get license file</button>
      </form>
    `,
    back,
  ], { status, wide: true });

/** In one piece, as white space within it would be shown. */
function requestArea(request: string, isInvalid: boolean) {
  const attributes = `id="request" name="request" rows="7" spellcheck="false" maxlength="${MAX_FILE_LENGTH}"`;
  const relations = isInvalid ? ' aria-invalid="true" aria-describedby="problem"' : "";
  return html`${raw(`<textarea ${attributes}${relations}>`)}${request}${raw("</textarea>")}`;
}

async function filePage({ file, activation: { activation, replaced } }: FileOfRequest): Promise<Answer> {
  const device = activation.machineName ?? "the device";
  const code = await qrCode(file.text, "QR code of the license file");
  return page("License file", [
    html`<p>Bring the license file to ${device} and open it in the app. It expires on ${
      writeInstant(file.expiresAt)
    }.</p>`,
    replaced
      ? html`<p class="notice">${
        replaced.machineName ?? "Another device"
      } was deactivated, because the license was full and this device was idle.</p>`
      : html``,
    // The policy allows no script, and the file is in the answer already.
    html`
      <a class="button" download="${file.name}"
        href="data:application/octet-stream;base64,${btoa(file.text)}">Download license file</a>
    `,
    code ??
      html`<p class="quiet">The file is too long for a QR code. Bring it to the device as a file.</p>`,
    html`<details><summary>As text</summary><code>${file.text}</code></details>`,
    back,
  ], { wide: true });
}

export function offlinePages(guards: PageGuards) {
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
      path: paths.offline,
      summary: "The page to activate a device without a network",
      handle: () => offlinePage(),
    }),

    pageEndpoint({
      ...common,
      method: "post",
      path: paths.offline,
      summary: "Turns the request of an app without a network into a license file",
      body,
      handle({ ctx, body, request }) {
        const text = body.file.trim() === "" ? body.request : body.file;
        if (text.trim() === "") return offlinePage("", "Paste the request that the app shows.", 400);
        if (text.length > MAX_FILE_LENGTH) return offlinePage("", "This is too long to be a request.", 400);
        return againWhenRefused(
          request,
          async () =>
            await filePage(
              await issueRequestedFile(ctx, {
                request: readOfflineRequest(text),
                ttl: null,
                issuer: request.services.site.publicUrl,
                userId: userIdOf(ctx),
              }, wireFileClaims),
            ),
          (message, status, code) => offlinePage(text, sentences[code] ?? message, status),
        );
      },
    }),
  ];
}

/** What users are told instead of what apps and administrators are. */
const sentences: Record<string, string> = {
  INVALID_LICENSE:
    "The license key of this request is none of your account’s. Compare it with the one that you were sent, or sign in with the account that it belongs to.",
  ACTIVATION_LIMIT_REACHED:
    "Your license is active on as many devices as it allows. Remove one that you no longer use, and send the request again.",
};
