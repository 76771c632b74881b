// The READMEs of the client libraries, which the build adds to the panel, each as a file that is loaded when it is shown.
import type { Library } from "./languages.ts";

declare global {
  interface ImportMeta {
    /** Vite's; https://vite.dev/guide/features.html#glob-import */
    glob(pattern: string, options: { query: string; import: string }): Record<string, () => Promise<string>>;
  }
}

const readmes = import.meta.glob("../../../sdk/*/README.md", { query: "?raw", import: "default" });

/** The README of a library. */
export function readmeOf({ folder }: Library): Promise<string> {
  return readmes[`../../../sdk/${folder}/README.md`]();
}
