// The guides in docs/guides as tests read them: in their order, each with its fenced blocks.
import { dirname, posix } from "node:path";
import { lineOf, type Source, sourceOf, sources } from "../rules/source.ts";

export const GUIDES = "docs/guides/";
export const INDEX = `${GUIDES}README.md`;

export interface GuideBlock {
  /** "docs/guides/webhooks.md:12" */
  at: string;
  /** The first word after the fence: sh, json, text, or the language of a program. */
  language: string;
  text: string;
  /** The reason after "not run:" on the fence; null for a block that is run or compared. */
  notRun: string | null;
  /** The file that a program is saved as, from the comment in its first line. */
  file: string | null;
  /** The command of whose output this is an example: the block right before it. */
  outputOf: GuideBlock | null;
}

export interface Guide extends Source {
  blocks: GuideBlock[];
}

/** The paths of the guides that the index lists, in its order. */
export const listedGuides: readonly string[] = [...sourceOf(INDEX).matchAll(/\]\(([\w.]+\.md)\)/g)]
  .map(([, name]) => posix.join(dirname(INDEX), name));

export const guides: readonly Guide[] = sources
  .filter(({ path }) => path.startsWith(GUIDES) && path !== INDEX)
  .map((source) => ({ ...source, blocks: blocksOf(source) }));

/**
 * A guide by its path.
 *
 * @throws Error when there is none
 */
export function guideOf(path: string): Guide {
  const guide = guides.find((guide) => guide.path === path);
  if (!guide) throw new Error(`There is no ${path}.`);
  return guide;
}

function blocksOf({ path, text }: Source): GuideBlock[] {
  const blocks: GuideBlock[] = [];
  let end = 0;
  for (const found of text.matchAll(/^```(\S*)(?: not run: (.+))?\n([^]*?)^```$/gm)) {
    const [whole, language, notRun = null, content] = found;
    const before = blocks.at(-1);
    const isNext = text.slice(end, found.index).trim() === "";
    blocks.push({
      at: `${path}:${lineOf(text, found.index)}`,
      language,
      text: content,
      notRun,
      file: content.match(/^(?:\/\/|#) (\w+\.ts): /)?.[1] ?? null,
      outputOf: ["json", "text"].includes(language) && isNext && before?.language === "sh" ? before : null,
    });
    end = found.index + whole.length;
  }
  return blocks;
}
