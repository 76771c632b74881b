// The texts of a file that a person reads: the strings, templates and JSX texts that are prose, not names or classes.
import typescript from "typescript";
import { lineOf, type Source } from "./source.ts";

export interface VisibleText {
  /** "web/ui/Confirm.tsx:12". */
  at: string;
  /** With each expression of a template as "${…}". */
  text: string;
}

/** Attributes whose values are not shown. */
const hiddenAttributes = new Set([
  "class",
  "id",
  "type",
  "name",
  "for",
  "role",
  "href",
  "d",
  "viewBox",
  "style",
]);

/** Prose has words; a name has none but itself, in lower case. */
const isProse = (text: string) => /[A-Za-z]{2}/.test(text) && (/\S\s+\S/.test(text) || /^[A-Z]/.test(text));

const isClassList = (text: string) =>
  /(?:^|\s)(?:flex|grid|text-(?:sm|xs|muted)|px-\d|border|rounded\S*)(?:\s|$)/.test(text);

const isSql = (text: string) =>
  /^[\s(]*(?:select|insert|update|delete|with|from|where|case|exists)\b[^.]*\s/.test(text);

export function visibleTexts({ path, text }: Source): VisibleText[] {
  const { SyntaxKind } = typescript;
  const found: VisibleText[] = [];
  const file = typescript.createSourceFile(
    path,
    text,
    typescript.ScriptTarget.Latest,
    false,
    path.endsWith("x") ? typescript.ScriptKind.TSX : typescript.ScriptKind.TS,
  );
  const add = (node: typescript.Node, words: string) => {
    const shown = words.replace(/\s+/g, " ").trim();
    if (!isProse(shown) || isClassList(shown) || isSql(shown)) return;
    found.push({ at: `${path}:${lineOf(text, node.end)}`, text: shown });
  };
  function visit(node: typescript.Node): void {
    switch (node.kind) {
      case SyntaxKind.ImportDeclaration:
      case SyntaxKind.ExportDeclaration:
      case SyntaxKind.LiteralType:
        return;
      case SyntaxKind.JsxAttribute:
        if (hiddenAttributes.has((node as typescript.JsxAttribute).name.getText(file))) return;
        break;
      case SyntaxKind.JsxText:
      case SyntaxKind.StringLiteral:
      case SyntaxKind.NoSubstitutionTemplateLiteral:
        add(node, (node as typescript.LiteralLikeNode).text);
        return;
      case SyntaxKind.TemplateExpression: {
        const { head, templateSpans } = node as typescript.TemplateExpression;
        add(node, head.text + templateSpans.map(({ literal }) => "${…}" + literal.text).join(""));
        break;
      }
    }
    typescript.forEachChild(node, visit);
  }
  visit(file);
  return found;
}
