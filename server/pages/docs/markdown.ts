// Markdown as HTML: documents of docs/ with headings that can be linked to and links that lead to the pages of the site,
// and the short texts of the API description.
import { Marked, type Tokens } from "marked";
import { escapeHtml } from "./highlight.ts";
import { codeBlock, type Html, raw } from "./html.ts";

export interface Heading {
  id: string;
  title: string;
  level: number;
}

export interface RenderedDocument {
  title: string;
  content: Html;
  headings: Heading[];
  /** The text below each heading, for the search. */
  sections: { heading: Heading; text: string }[];
}

/** A sentence with `code`; everything else in it is shown as it is. */
export function renderInline(text: string): Html {
  return raw(escapeHtml(text).replace(/`([^`]+)`/g, "<code>$1</code>"));
}

/**
 * Renders a document.
 *
 * @param linkTo where a link or an image of the document leads on the site; null: nowhere
 */
export function renderDocument(text: string, linkTo: (target: string) => string | null): RenderedDocument {
  const headings: Heading[] = [];
  const headingOf = new Map<Tokens.Generic, Heading>();
  let title = "";
  const marked = new Marked({
    gfm: true,
    renderer: {
      heading(token: Tokens.Heading): string {
        const { tokens, depth: level } = token;
        const plain = plainText(tokens);
        // The first heading is that of the page.
        const isTitle = level === 1 && title === "";
        const id = isTitle ? "" : uniqueId(headingId(plain), headings);
        const heading = { id, title: plain, level };
        headingOf.set(token, heading);
        if (isTitle) {
          title = plain;
          return "";
        }
        headings.push(heading);
        return `<h${level} id="${id}">${this.parser.parseInline(tokens)} ${anchorOf(heading)}</h${level}>\n`;
      },
      link({ href, tokens }: Tokens.Link): string {
        const [text, to] = [this.parser.parseInline(tokens), linkTo(href)];
        return to === null ? text : `<a href="${escapeHtml(to)}">${text}</a>`;
      },
      image({ href, text }: Tokens.Image): string {
        const to = linkTo(href);
        return to === null ? "" : `<img src="${escapeHtml(to)}" alt="${escapeHtml(text)}" loading="lazy">`;
      },
      code({ text, lang }: Tokens.Code): string {
        const syntax = lang?.match(/^\w+/)?.[0];
        return String(codeBlock(text, { syntax, label: syntax ? `Example, ${syntax}` : "Example" }));
      },
      table(token: Tokens.Table): string {
        const row = (cells: Tokens.TableCell[], tag: "th" | "td") =>
          `<tr>${
            cells.map(({ tokens }) =>
              `<${tag}${tag === "th" ? ' scope="col"' : ""}>${this.parser.parseInline(tokens)}</${tag}>`
            ).join("")
          }</tr>`;
        return `<div class="table" tabindex="0" role="group" aria-label="Table"><table><thead>${
          row(token.header, "th")
        }</thead><tbody>${token.rows.map((cells) => row(cells, "td")).join("")}</tbody></table></div>\n`;
      },
      // The documents need none; what looks like a tag is text.
      html: ({ text }: Tokens.HTML | Tokens.Tag): string => text.startsWith("<!--") ? "" : escapeHtml(text),
    },
  });
  const tokens = marked.lexer(text);
  const content = raw(marked.parser(tokens));
  const sections: RenderedDocument["sections"] = [];
  for (const token of tokens) {
    const heading = headingOf.get(token);
    if (heading) sections.push({ heading, text: "" });
    else if (sections.length > 0) sections.at(-1)!.text += ` ${withoutMarks(token.raw)}`;
  }
  return { title, content, headings, sections };
}

/** A link to a heading, beside it. */
export function anchorOf({ id, title }: Pick<Heading, "id" | "title">): string {
  return `<a class="anchor" href="#${id}" aria-label="Link to ${escapeHtml(title)}">#</a>`;
}

/** The id that GitHub gives a heading, so that links to it lead there as well. */
function headingId(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "").trim().replace(/\s/g, "-") || "section";
}

function withoutMarks(text: string): string {
  return text.replace(/^```.*$|-{3,}|\]\([^)]*\)/gm, "").replace(/^ *(?:[-*#>]|\d+\.) /gm, "")
    .replace(/[`*[\]]/g, "").replace(/[|\s]+/g, " ").trim();
}

/** The text of inline tokens without its marks. */
function plainText(tokens: Tokens.Generic[]): string {
  return tokens.map((token) => token.tokens ? plainText(token.tokens) : String(token.text ?? "")).join("");
}

function uniqueId(wanted: string, known: Heading[]): string {
  let id = wanted;
  for (let count = 1; known.some((heading) => heading.id === id); count++) id = `${wanted}-${count}`;
  return id;
}
