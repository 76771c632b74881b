// The documents of docs/ and of the client libraries as pages: which there are, at which addresses, in which order, and
// where links between them lead.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { extname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { renderDocument, type RenderedDocument } from "./markdown.ts";

const root = fileURLToPath(new URL("../../../docs/", import.meta.url));

export const DOCS = "/docs";
export const GUIDES = `${DOCS}/guides`;
export const LIBRARIES = `${DOCS}/libraries`;
export const FILES = `${DOCS}/files`;

/** Documents that are pages of the API reference rather than guides, in the order of the navigation. */
export const referenceDocuments = [
  "reference/authentication.md",
  "reference/errors.md",
  "reference/limits.md",
  "reference/idempotency.md",
  "reference/conditional_changes.md",
  "reference/versions.md",
  "webhooks.md",
];

/** The folder of the client libraries, seen from docs/. Of it, the README of each library is a document. */
const SDK = "../sdk";

/** Groups of guides, by folder. What is in no group can be opened by links and found by searching. */
const groups = [
  { title: "Guides", folder: "guides" },
  { title: "Client libraries", folder: SDK },
  { title: "Topics", folder: "." },
  { title: "Operations", folder: "operations" },
];

export const imageTypes: Record<string, string> = {
  ".png": "image/png",
  ".svg": "image/svg+xml",
};

export interface DocumentLink {
  title: string;
  /** Its first sentence, with `code`. */
  about: string;
  path: string;
  /** "guides/get_started.md", "../sdk/go/README.md" */
  file: string;
}

export interface Documents {
  /** In the order of the navigation; the first of a group is its overview, where it has one. */
  groups: { title: string; links: DocumentLink[] }[];
  /** The documents of the API reference, in their order. */
  reference: DocumentLink[];
  /** Every document by its address. */
  files: Map<string, string>;
  read(file: string): RenderedDocument;
  readImage(path: string): { type: string; content: Uint8Array<ArrayBuffer> } | null;
}

/**
 * Reads which documents there are.
 *
 * @throws Error when two have the same address
 */
export function openDocuments(folder = root): Documents {
  const paths = filesBelow(folder);
  const documents = [...paths.filter((path) => path.endsWith(".md")), ...libraries(folder)];
  const images = new Set(paths.filter((path) => extname(path) in imageTypes));
  const texts = new Map(documents.map((file) => [file, readFileSync(join(folder, file), "utf8")]));
  const files = new Map<string, string>();
  for (const file of documents) {
    const address = addressOf(file);
    const other = files.get(address);
    if (other) throw new Error(`${file} and ${other} of docs/ have the address ${address}. Rename one.`);
    files.set(address, file);
  }
  return {
    files,
    reference: referenceDocuments.map((file) => linkTo(file, texts.get(file)!)),
    groups: groups.map(({ title, folder }) => ({ title, links: linksOf(folder, texts) }))
      .filter(({ links }) => links.length > 0),
    read: (file) =>
      renderDocument(texts.get(file)!, (target) => linkFrom(file, target, (path) => texts.has(path))),
    readImage(path) {
      if (!images.has(path)) return null;
      return { type: imageTypes[extname(path)], content: readFileSync(join(folder, path)) };
    },
  };
}

function filesBelow(folder: string, below = ""): string[] {
  return readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(below, entry.name);
    return entry.isDirectory() ? filesBelow(folder, path) : [path];
  }).sort();
}

/** The READMEs of the client libraries. */
function libraries(folder: string): string[] {
  const folders = readdirSync(join(folder, SDK), { withFileTypes: true }).filter((entry) =>
    entry.isDirectory()
  );
  return ["", ...folders.map(({ name }) => name)].map((name) => posix.join(SDK, name, "README.md"))
    .filter((file) => existsSync(join(folder, file))).sort();
}

/**
 * Where a document is served: "guides/webhooks.md" and "licenses.md" below /docs/guides, the reference's own below /docs,
 * "../sdk/go/README.md" below /docs/libraries.
 */
export function addressOf(file: string): string {
  if (folderOf(file) === SDK) return posix.join(LIBRARIES, posix.dirname(posix.relative(SDK, file)));
  if (referenceDocuments.includes(file)) return `${DOCS}/${posix.basename(file, ".md")}`;
  const path = file.replace(/^guides\//, "").replace(/(^|\/)README\.md$/, "").replace(/\.md$/, "");
  return path === "" ? GUIDES : `${GUIDES}/${path}`;
}

/** The documents of a folder: in the order in which its README links to them, then by name. */
function linksOf(folder: string, texts: Map<string, string>): DocumentLink[] {
  const overview = posix.join(folder, "README.md");
  const named = [...(texts.get(overview) ?? "").matchAll(/\]\(([\w/]+\.md)/g)].map(([, target]) =>
    posix.join(folder, target)
  );
  const files = [...texts.keys()].filter((file) =>
    folderOf(file) === folder && !referenceDocuments.includes(file)
  );
  const rank = (file: string) => file === overview ? -1 : (named.indexOf(file) + 1 || Infinity);
  return files.sort((one, other) => rank(one) - rank(other) || (one < other ? -1 : 1))
    .map((file) => linkTo(file, texts.get(file)!));
}

/** The folder of the group that a document belongs to. */
function folderOf(file: string): string {
  return file.startsWith(`${SDK}/`) ? SDK : posix.dirname(file);
}

function linkTo(file: string, text: string): DocumentLink {
  // A document that begins with a list, a table or a heading says nothing about itself.
  const [, title = "Untitled", paragraph = ""] = text.match(/^# (.+)\n\n?((?:[\w`"[].*\n)*)/m) ?? [];
  const plain = paragraph.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").replaceAll("**", "").replace(/\s+/g, " ");
  const [about] = plain.trim().split(/(?<=[.!?]) (?=[A-Z`])/);
  return {
    title: title.replaceAll("`", "").replace(/^Latchkey for /, ""),
    about: about.endsWith(":") ? "" : about,
    path: addressOf(file),
    file,
  };
}

/** Where a link of a document leads; null for a file of the repository that is not served. */
function linkFrom(file: string, target: string, isDocument: (path: string) => boolean): string | null {
  if (/^(?:[a-z]+:|#|\/)/.test(target)) return target;
  const [path, fragment] = target.split("#");
  const to = posix.join(posix.dirname(file), path).replace(/^\.\.\/docs\//, "");
  const after = fragment === undefined ? "" : `#${fragment}`;
  if (isDocument(to)) return addressOf(to) + after;
  if (!to.startsWith("..") && extname(to) in imageTypes) return `${FILES}/${to}`;
  return null;
}
