// An email as mail programs show it. It has styles of its own, so it is shown in a shadow tree; the content security policy
// lets scripts set styles and no markup, so the styles are taken out of the markup first.
import { createEffect } from "solid-js";

const DARK = "@media (prefers-color-scheme:dark)";

export function MailPreview(props: { html: string; isDark: boolean }) {
  let host!: HTMLDivElement;
  createEffect(() => show(host, props.html, props.isDark));
  return (
    // Its links lead nowhere; the text version below is for screen readers.
    <div ref={host} inert class="overflow-hidden rounded-md border border-line" data-preview="mail" />
  );
}

function show(host: HTMLElement, html: string, isDark: boolean): void {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const [, styles = ""] = html.match(/<style>([^]*?)<\/style>/) ?? [];
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(styles.replace(DARK, isDark ? "@media all" : "@media not all"));
  // In the text of the mail these characters are escaped, so only attributes match.
  const parsed = new DOMParser().parseFromString(
    html.replace(/<style>[^]*?<\/style>/, "").replaceAll(' style="', ' data-style="'),
    "text/html",
  );
  // Before they are in this document, which would load them.
  for (const image of [...parsed.images]) {
    const name = parsed.createElement("span");
    name.textContent = image.alt;
    name.className = image.className;
    name.dataset.style = image.dataset.style;
    image.replaceWith(name);
  }
  const frame = document.createElement("div");
  frame.className = parsed.body.className;
  frame.dataset.style = parsed.body.dataset.style;
  frame.append(...parsed.body.childNodes);
  for (const element of [frame, ...frame.querySelectorAll<HTMLElement>("[data-style]")]) {
    element.style.cssText = element.dataset.style ?? "";
  }
  root.adoptedStyleSheets = [sheet];
  root.replaceChildren(frame);
}
