// Builds the panel into web/dist. `deno task build` does it by itself; `dev` and the tests do it when something changed.
import { createHash } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import { build } from "vite";
import solid from "vite-plugin-solid";

const web = fileURLToPath(new URL(".", import.meta.url));
const domain = fileURLToPath(new URL("../server/domain/", import.meta.url));
const compiledIcons = join(web, "node_modules/lucide-solid/dist/esm/lucide-solid.mjs");
export const panelFolder = join(web, "dist");
const stamp = join(panelFolder, "built.txt");

/** Builds the panel unless what is there was made of the same sources. Answers whether it had to. */
export async function buildPanel(): Promise<boolean> {
  const made = await fingerprint();
  if (await Deno.readTextFile(stamp).catch(() => "") === made) return false;
  await build({
    configFile: false,
    root: web,
    logLevel: "warn",
    plugins: [solid(), tailwindcss()],
    // Every icon as compiled by its package. The sources that Solid's plugin prefers are 1,300 files to compile.
    resolve: { alias: [{ find: /^lucide-solid$/, replacement: compiledIcons }] },
    build: {
      target: "es2023",
      // Nothing inside the style sheet or the page: the content security policy knows no data: addresses.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
    },
  });
  await Deno.writeTextFile(stamp, made);
  return true;
}

/** A digest of everything the panel is made of. */
async function fingerprint(): Promise<string> {
  const hash = createHash("sha256");
  // The panel validates its forms by the schemas of the domain's inputs and lists the public events.
  const schemas = (await filesIn(domain)).filter((path) =>
    /(input(s|_fields)|events\/catalogue\/\w+)\.ts$/.test(path)
  );
  for (const path of [...await filesIn(web), ...schemas].sort()) {
    hash.update(path).update(await Deno.readFile(path));
  }
  return hash.digest("hex");
}

async function filesIn(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (path === panelFolder || name === "node_modules" || name === "screenshots") continue;
    found.push(...isDirectory ? await filesIn(path) : [path]);
  }
  return found;
}

if (import.meta.main) {
  await buildPanel();
  console.log(`The panel is in ${panelFolder}.`);
}
