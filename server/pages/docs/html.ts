// What the pages of the documentation are made of: escaped HTML, code with highlighted syntax, and names for addresses.
import { html, raw } from "hono/html";
import { highlight } from "./highlight.ts";

export type Html = ReturnType<typeof html>;
export { html, raw };

/** Code that can be scrolled by keyboard and copied. The page's script makes the button work. */
export function codeBlock(
  text: string,
  { syntax, label, language }: { syntax?: string; label: string; language?: string },
): Html {
  const code = raw(highlight(text, syntax));
  return html`
    <div class="code" ${language ? raw(` data-language="${language}"`) : ""}>
      <pre tabindex="0" role="group"
        aria-label="${label}"><button type="button" class="copy" aria-label="Copy: ${label}">Copy</button><code>${code}</code></pre>
    </div>
  `;
}

/** "User licenses" as part of an address: "user-licenses". */
export function slugOf(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "");
}
