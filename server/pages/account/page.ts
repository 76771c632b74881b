// What every account page has in common: the frame, the forms, and a content security policy (CSP Level 3) that allows
// this server's own style and forms alone.
import { createHash } from "node:crypto";
import { html, raw } from "hono/html";
import { defaultSettings, type Settings } from "../../domain/settings/schema.ts";
import type { Answer } from "../../request/endpoint.ts";
import { style } from "./style.ts";

type Html = ReturnType<typeof html>;

const policy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'`,
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

export const pageHeaders = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": policy,
  "x-robots-tag": "noindex",
};

const mark = html`
  <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round"
    stroke-linejoin="round" aria-hidden="true">
    <circle cx="8" cy="8" r="5" />
    <path d="m11.5 11.5 9 9M17 17l2.5-2.5M14 14l2-2" />
  </svg>
`;

/** A page, under the name in the settings; until that is known, under our own. */
interface BrandedPage extends Answer {
  render(brand: string): string;
}

/** The page under the name in the settings. Other answers have no name. */
export function withBrand(answer: Answer, settings: Settings): Answer {
  return "render" in answer
    ? { ...answer, body: (answer as BrandedPage).render(settings.mailBrand) }
    : answer;
}

/** A page. */
export function page(
  title: string,
  content: Html | Html[],
  options: { status?: number; wide?: boolean; headers?: Record<string, string> } = {},
): Answer {
  const render = (brand: string) =>
    String(html`
      <!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8">
          <meta name="viewport" content="width=device-width, initial-scale=1">
          <title>${title} · ${brand}</title>
          <style>${raw(style)}</style>
        </head>
        <body>
          <header>${mark}<span>${brand}</span></header>
          <main${options.wide ? raw(' class="wide"') : ""}>
      <h1>${title}</h1>
      ${content}
      </main>
      </body>
      </html>
    `);
  const answer: BrandedPage = {
    status: options.status ?? 200,
    body: render(defaultSettings.mailBrand),
    headers: { ...pageHeaders, ...options.headers },
    render,
  };
  return answer;
}

/** A sentence about what went wrong, or nothing. */
export function problem(message: string | undefined): Html {
  return message ? html`<p class="notice bad" id="problem" role="alert">${message}</p>` : html``;
}

export interface Field {
  name: string;
  label: string;
  type: "email" | "password" | "text";
  autocomplete: string;
  value?: string;
  minlength?: number;
}

/** A form that posts to `action`. */
export function form(action: string, fields: Field[], button: string, invalid = false): Html {
  return html`<form method="post" action="${action}">
${
    fields.map((field) =>
      html`
        <label for="${field.name}">${field.label}</label>
        <input id="${field.name}" name="${field.name}" type="${field.type}" autocomplete="${field
          .autocomplete}" required
          maxlength="254" value="${field.value ?? ""}" ${field.minlength
            ? raw(`minlength="${field.minlength}"`)
            : ""}
          ${invalid ? raw('aria-invalid="true" aria-describedby="problem"') : ""}>
      `
    )
  }
<button type="submit">${button}</button>
</form>`;
}

/** Sends the browser on to another page. */
export function goTo(path: string, headers: Record<string, string> = {}): Answer {
  return { status: 303, body: null, headers: { location: path, ...headers } };
}

/** Addresses that pages link to. */
export const paths = {
  account: "/account",
  signIn: "/account/sign-in",
  signOut: "/account/sign-out",
  link: "/account/link",
  register: "/account/register",
  password: "/account/password",
  changePassword: "/account/change-password",
  devices: "/account/devices",
  offline: "/account/offline",
  removalCode: "/account/removal-code",
  magicLink: "/magic-link",
} as const;
