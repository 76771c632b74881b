// The one layout of all mails: the same blocks as text and as HTML, with the brand of the settings. Styles are inline, as
// mail programs need them; those of dark mode are in one style element.
import { cleanLine } from "../text.ts";
import type { Variable } from "./kinds/definition.ts";
import type { MailValue } from "./kinds/kinds.ts";
import { type Block, linesOf, type Piece, shownBlocks, type Template } from "./template.ts";

/** How mail looks: the settings. */
export interface Brand {
  name: string;
  /** An https address of an image; empty for none. */
  logo: string;
  /** "#2f54c4". */
  color: string;
  /** A line at the end, such as the postal address; empty for none. */
  footer: string;
}

export interface Content {
  subject: string;
  text: string;
  html: string;
}

/** The longest subject; characters. */
const MAX_SUBJECT = 200;

/**
 * Fills in a template.
 *
 * @param variables those of the kind, with their forms
 * @param unsubscribe the link that the mail ends with; null for mail that one cannot unsubscribe from
 */
export function layOut(
  template: Template,
  { variables, values, brand, unsubscribe }: {
    variables: Record<string, Variable>;
    values: Record<string, MailValue>;
    brand: Brand;
    unsubscribe: string | null;
  },
): Content {
  const blocks = shownBlocks(template.blocks, values);
  const subject = cleanLine(textOf(template.subject, values), MAX_SUBJECT) || brand.name;
  return {
    subject,
    text: textLayout(blocks, values, brand, unsubscribe),
    html: htmlLayout(
      subject,
      blocks.map((block) => htmlBlock(block, { variables, values, brand })),
      brand,
      unsubscribe,
    ),
  };
}

function textOf(pieces: Piece[], values: Record<string, MailValue>): string {
  return pieces.map((piece) => typeof piece === "string" ? piece : linesOf(values[piece.variable]).join("\n"))
    .join("");
}

/** The address of a button. In a literal address the values are encoded (RFC 3986, section 2.1). */
function addressOf(target: Piece[], values: Record<string, MailValue>): string {
  if (typeof target[0] !== "string") return textOf(target, values);
  return target.map((piece) =>
    typeof piece === "string" ? piece : encodeURIComponent(linesOf(values[piece.variable])[0] ?? "")
  ).join("");
}

function textLayout(
  blocks: Block[],
  values: Record<string, MailValue>,
  brand: Brand,
  unsubscribe: string | null,
): string {
  const paragraphs = blocks.map((block) =>
    block.kind === "text"
      ? block.lines.map((line) => textOf(line, values)).join("\n")
      : `${textOf(block.label, values)}:\n${addressOf(block.target, values)}`
  );
  const end = [brand.name, brand.footer].filter(Boolean).join("\n") +
    (unsubscribe ? `\n\nUnsubscribe from these emails:\n${unsubscribe}` : "");
  // The signature's separator (RFC 3676, section 4.3).
  return `${paragraphs.join("\n\n")}\n\n-- \n${end}\n`;
}

const escapes: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text as HTML, also within an attribute in quotes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => escapes[character]);
}

const font = "-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif";
const mono = "ui-monospace,SFMono-Regular,Menlo,Consolas,monospace";

interface Filling {
  variables: Record<string, Variable>;
  values: Record<string, MailValue>;
  brand: Brand;
}

function htmlBlock(block: Block, filling: Filling): string {
  const { values, brand } = filling;
  if (block.kind === "text") {
    const lines = block.lines.map((line) => line.map((piece) => htmlPiece(piece, filling)).join(""));
    return `<p class="ink" style="margin:0 0 16px;color:#16181d">${lines.join("<br>")}</p>`;
  }
  const style = `display:inline-block;padding:12px 20px;border-radius:8px;background:${brand.color};color:${
    textColorOn(brand.color)
  };font-weight:600;text-decoration:none`;
  return `<p style="margin:8px 0 24px"><a href="${
    escapeHtml(addressOf(block.target, values))
  }" style="${style}">${escapeHtml(textOf(block.label, values))}</a></p>`;
}

function htmlPiece(piece: Piece, { variables, values, brand }: Filling): string {
  if (typeof piece === "string") return escapeHtml(piece);
  const lines = linesOf(values[piece.variable]).map(escapeHtml);
  switch (variables[piece.variable]?.form) {
    case "link":
      return lines.map((line) =>
        `<a class="link" href="${line}" style="color:${
          linkColor(brand.color)
        };word-break:break-all">${line}</a>`
      ).join("<br>");
    case "key":
      return lines.map((line) =>
        `<span class="key" style="font-family:${mono};font-size:15px;color:#16181d;background:#f4f5f7;` +
        `padding:2px 6px;border-radius:4px">${line}</span>`
      ).join("<br>");
    default:
      return lines.join("<br>");
  }
}

/** The relative luminance of a color (WCAG 2.2). */
function luminanceOf(color: string): number {
  const [red, green, blue] = [1, 3, 5].map((start) => {
    const part = parseInt(color.slice(start, start + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** White or black, whichever has more contrast on a color. */
export function textColorOn(color: string): "#ffffff" | "#000000" {
  const luminance = luminanceOf(color);
  return 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.05 ? "#ffffff" : "#000000";
}

/** The color of links on white: that of the brand where it is readable (contrast of 4.5, WCAG 2.2, 1.4.3). */
function linkColor(color: string): string {
  return 1.05 / (luminanceOf(color) + 0.05) >= 4.5 ? color : "#16181d";
}

const darkStyle = `:root{color-scheme:light dark}
@media (prefers-color-scheme:dark){
.ground{background:#101216!important}
.card{background:#191c22!important;border-color:#2b3039!important}
.ink{color:#eceef2!important}
.quiet,.quiet a{color:#a0a7b4!important}
.link{color:#9db4ff!important}
.key{color:#eceef2!important;background:#2b3039!important}
}`;

function htmlLayout(subject: string, blocks: string[], brand: Brand, unsubscribe: string | null): string {
  const name = escapeHtml(brand.name);
  // Also of the logo: its name is shown while images are blocked.
  const heading = "font-size:17px;font-weight:650;color:#16181d";
  const head = brand.logo
    ? `<img src="${
      escapeHtml(brand.logo)
    }" alt="${name}" height="40" class="ink" style="display:block;height:40px;max-width:240px;border:0;${heading}">`
    : `<span class="ink" style="${heading}">${name}</span>`;
  const end = [name, escapeHtml(brand.footer)].filter(Boolean).join("<br>") +
    (unsubscribe
      ? `<br><br><a href="${escapeHtml(unsubscribe)}" style="color:#5b6270">Unsubscribe from these emails</a>`
      : "");
  const table = 'role="presentation" cellpadding="0" cellspacing="0" border="0"';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(subject)}</title>
<style>${darkStyle}</style>
</head>
<body class="ground" style="margin:0;padding:0;background:#f4f5f7">
<table ${table} class="ground" width="100%" style="background:#f4f5f7;font-family:${font};font-size:16px;line-height:1.5">
<tr><td align="center" style="padding:24px 12px">
<table ${table} width="560" style="width:100%;max-width:560px">
<tr><td style="padding:0 8px 16px">${head}</td></tr>
<tr><td class="card" style="background:#ffffff;border:1px solid #dfe2e8;border-radius:12px;padding:28px 28px 12px">
${blocks.join("\n")}
</td></tr>
<tr><td class="quiet" style="padding:16px 8px;font-size:13px;color:#5b6270">${end}</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
`;
}
