// The sections of the command palette for what is typed: recent pages, actions, pages, and what the server finds.
import { recent } from "../../lib/recent_pages.ts";
import * as icons from "../../ui/icons.ts";
import { allowedActions, allowedPages, type Entry } from "./actions.ts";
import { findHits, hintOf, kinds } from "./hits.ts";
import { synonyms } from "./synonyms.ts";
import { readCommand, verbsThatBegin } from "./verbs.ts";

export interface Section {
  title: string;
  entries: Entry[];
}

/** Entries shown per section. */
const MAX_ENTRIES = 8;

/** Whether every typed word begins a word of the title or one that means the same. */
function fits(title: string, others: string[], q: string): boolean {
  const words = [...title.toLowerCase().split(/[\s/-]+/), ...others];
  return q.split(/\s+/).every((typed) => words.some((word) => word.startsWith(typed))) ||
    title.toLowerCase().includes(q);
}

/** The sections that need no query. */
export function knownSections(typed: string): Section[] {
  const q = typed.trim().toLowerCase();
  return trimmed([
    {
      title: "Recent",
      entries: recent().filter(({ title }) => title.toLowerCase().includes(q)).map(({ href, title }) => ({
        id: `recent ${href}`,
        title,
        href,
        icon: icons.ClockIcon,
      })),
    },
    {
      title: "Actions",
      entries: q === "" ? [] : [
        ...verbsThatBegin(q).map(({ label, icon }) => ({
          id: label,
          title: `${label}…`,
          icon,
          fill: `${label} `,
        })),
        ...allowedActions().filter(({ id, title }) => fits(title, synonyms[id] ?? [], q)),
      ],
    },
    {
      title: "Pages",
      entries: allowedPages().filter(({ title, href }) => fits(title, synonyms[href] ?? [], q))
        .map(({ title, href, icon, keys }) => ({ id: `page ${href}`, title, href, icon, keys })),
    },
  ]);
}

/** What the server finds: the objects of an action, or all objects with such a name. */
export async function foundSections(typed: string): Promise<Section[]> {
  const q = typed.trim();
  const command = readCommand(typed);
  if (command) {
    if (command.object === "") return [];
    return trimmed(
      await Promise.all(command.verbs.map(async ({ label, type, icon, href, run }) => ({
        title: label,
        entries: (await findHits(command.object, MAX_ENTRIES, type)).map((hit) => ({
          id: `${label} ${hit.id}`,
          title: `${label} ${hit.title}`,
          hint: hintOf(hit),
          icon,
          href: href?.(hit),
          run: run && (() => run(hit)),
        })),
      }))),
    );
  }
  if (q === "") return [];
  return trimmed([{
    title: "Results",
    entries: (await findHits(q, MAX_ENTRIES)).map((hit) => ({
      id: `${hit.type} ${hit.id}`,
      title: hit.title,
      hint: hintOf(hit),
      icon: kinds[hit.type].icon,
      href: kinds[hit.type].href(hit),
    })),
  }]);
}

function trimmed(sections: Section[]): Section[] {
  return sections.filter(({ entries }) => entries.length > 0)
    .map(({ title, entries }) => ({ title, entries: entries.slice(0, MAX_ENTRIES) }));
}
