// Builds the panel into web/dist. `deno task build` runs it; `dev` and the tests run it when a source file has
// changed.
import { createHash } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import { build } from "vite";
import solid from "vite-plugin-solid";

const web = fileURLToPath(new URL(".", import.meta.url));
const domain = fileURLToPath(new URL("../server/domain/", import.meta.url));
const sdk = fileURLToPath(new URL("../sdk/", import.meta.url));
const compiledIcons = join(web, "node_modules/lucide-solid/dist/esm/lucide-solid.mjs");
export const panelFolder = join(web, "dist");
const stamp = join(panelFolder, "built.txt");

/** Builds the panel unless the last build was made from the same sources. Returns whether it built. */
export async function buildPanel(): Promise<boolean> {
  const digest = await fingerprint();
  if (await Deno.readTextFile(stamp).catch(() => "") === digest) return false;
  await build({
    configFile: false,
    root: web,
    logLevel: "warn",
    plugins: [solid(), tailwindcss()],
    // Every icon as compiled by its package. The sources that Solid's plugin prefers are 1,300 files to compile.
    resolve: { alias: [{ find: /^lucide-solid$/, replacement: compiledIcons }] },
    build: {
      target: "es2023",
      // No inlined assets: the content security policy allows no data: URLs.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
    },
  });
  await Deno.writeTextFile(stamp, digest);
  return true;
}

/** A digest of all source files. */
async function fingerprint(): Promise<string> {
  const hash = createHash("sha256");
  // The panel validates its forms by the schemas of the domain's inputs, with what those import, and lists the public
  // events.
  const schemas = (await filesIn(domain)).filter((path) =>
    /(input(s|_fields)|events\/catalogue\/\w+|\/(calendar|text|pasted_key|csv_cells))\.ts$/.test(path)
  );
  // And it shows lines of the client libraries' READMEs.
  const readmes = (await filesIn(sdk)).filter((path) => path.endsWith("/README.md"));
  for (const path of [...await filesIn(web), ...schemas, ...readmes].sort()) {
    hash.update(path).update(await Deno.readFile(path));
  }
  return hash.digest("hex");
}

async function filesIn(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (path === panelFolder || name === "node_modules") continue;
    found.push(...isDirectory ? await filesIn(path) : [path]);
  }
  return found;
}

if (import.meta.main) {
  await buildPanel();
  console.log(`The panel is in ${panelFolder}.`);
}
