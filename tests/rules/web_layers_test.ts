// The panel has layers: lib ← ui ← features ← pages and layout ← routes and App. Imports run in that direction only,
// pages do not know each other, and only features, pages and layout call the API.
import assert from "node:assert/strict";
import { test } from "../support/test.ts";
import { assertNone, code, type Import, imports, under, withoutComments } from "./source.ts";

/** From the lowest layer to the highest. Folders of one layer do not import each other. */
const layers = [["web/lib/"], ["web/ui/"], ["web/features/"], ["web/pages/", "web/layout/"]];

/** The files on top, which start the panel and may import every layer. */
const top = ["web/App.tsx", "web/main.tsx", "web/routes.tsx"];

function layerOf(path: string): number {
  const layer = layers.findIndex((folders) => folders.some((folder) => path.startsWith(folder)));
  return layer < 0 ? layers.length : layer;
}

function folderOf(path: string): string | undefined {
  return layers.flat().find((folder) => path.startsWith(folder));
}

function assertImports(rule: string, breaks: (entry: Import) => boolean): void {
  const broken = imports.filter((entry) => under("web/")(entry.from) && breaks(entry));
  assertNone(broken.map(({ from, line, to }) => `${from}:${line} imports ${to}`), rule);
}

test("every layer of the panel that this file names has files", () => {
  assertNone(
    [...layers.flat(), ...top].filter((place) => !code.some(({ path }) => under(place)(path))),
    "Bring the layers in tests/rules/web_layers_test.ts up to date; gone:",
  );
});

test("every file of the panel is in a layer, or on top of them", () => {
  const outside = code.map(({ path }) => path).filter((path) =>
    under("web/")(path) && !folderOf(path) && ![...top, "web/build.ts"].includes(path)
  );
  assertNone(outside, "Move the file into web/lib, web/ui, web/features, web/pages or web/layout:");
});

test("imports of the panel run from higher layers to lower ones", () => {
  assertImports(
    "Move what both need into the lower layer:",
    ({ from, to }) => under("web/")(to) && layerOf(to) > layerOf(from),
  );
});

test("folders of the same layer do not import each other", () => {
  assertImports(
    "Move what both need into web/features:",
    ({ from, to }) => {
      const [one, other] = [folderOf(from), folderOf(to)];
      return one !== undefined && other !== undefined && one !== other && layerOf(from) === layerOf(to);
    },
  );
});

test("a page does not import another page's folder", () => {
  const pageOf = (path: string) => path.match(/^web\/pages\/(\w+)(?=\/|\.tsx$)/)?.[1];
  assertImports(
    "Move what several pages share into web/features:",
    ({ from, to }) => under("web/pages/")(from) && under("web/pages/")(to) && pageOf(from) !== pageOf(to),
  );
});

test("components of web/ui know neither the API nor the domain", () => {
  assertImports(
    "Hand it in as a property, or move the component into web/features:",
    ({ from, to }) =>
      under("web/ui/")(from) &&
      (under("server/")(to) || to.startsWith("@trpc/") ||
        /^web\/lib\/(trpc|queries|addresses)\.ts$/.test(to)),
  );
});

test("code that is loaded on demand survives a server that is away or upgraded", () => {
  const unguarded = code.filter(({ path }) => under("web/")(path) && path !== "web/lib/load_part.ts").filter(
    (source) => {
      const { text } = withoutComments(source);
      const guarded = /\b(?:loadPart|lazyPart|page|thing)\(\s*(?:"\w+",\s*)?\(\) =>\s*import\(/g;
      return text.replace(guarded, "").match(/\b(?:import|lazy)\(/);
    },
  );
  assertNone(
    unguarded.map(({ path }) => path),
    "Use loadPart or lazyPart of web/lib/load_part.ts:",
  );
});

test("web/lib has no components", () => {
  const components = code.map(({ path }) => path).filter((path) =>
    under("web/lib/")(path) && path.endsWith(".tsx")
  );
  assertNone(components, "Move the component into web/ui or web/features:");
  assert.ok(code.some(({ path }) => path === "web/lib/trpc.ts"));
});
