// The panel's files: one HTML page for every address of the panel, its scripts and styles. They are read from web/dist
// once, each compressed once for each encoding that is asked for, and served from memory.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Answer } from "../request/endpoint.ts";
import { hasEmptyPart, pathOf } from "../request/paths.ts";
import { answerStaticFile, cacheControl, ownFilesPolicy, type StaticFile } from "./static_file.ts";

const folder = fileURLToPath(new URL("../../web/dist/", import.meta.url));

const types: Record<string, string> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

const PAGE = "/index.html";
/** The documented pages, served to every client. Every other address of the panel is for browsers. */
const documented = /^\/leads(?:\/create|\/edit\/\d+)?$|^\/(?:customer|license)\/edit\/\d+$/;
/** Addresses outside the panel: unknown ones among them are answered with an error. */
const foreign = /^\/(?:api|trpc|assets|account|admin|docs|\.well-known)(?:\/|$)/;

/**
 * Answers requests no endpoint is declared for: the panel's files, the documented pages, and every address a browser
 * opens. Null where an address is not the panel's.
 */
export function openPanel(): (request: Request) => Answer | null {
  let files: Map<string, StaticFile> | null = null;

  function answerFile(request: Request, path: string): Answer | null {
    const file = (files ??= readFiles()).get(path);
    return file ? answerStaticFile(file, request) : null;
  }

  return (request) => {
    if (request.method !== "GET" && request.method !== "HEAD") return null;
    const pathname = pathOf(request);
    if (hasEmptyPart(request)) return null;
    const isForBrowser = request.headers.get("accept")?.includes("text/html") && !foreign.test(pathname);
    if (isForBrowser || documented.test(pathname)) return answerFile(request, PAGE) ?? notBuilt();
    return pathname === PAGE ? null : answerFile(request, pathname);
  };
}

function notBuilt(): Answer {
  return {
    status: 503,
    body: "The panel is not built. Run: deno task build, and start the server again.\n",
    headers: { "content-type": "text/plain; charset=utf-8" },
  };
}

function readFiles(): Map<string, StaticFile> {
  const files = new Map<string, StaticFile>();
  const read = (below: string) => {
    for (const name of readdirSync(join(folder, below))) {
      const path = `${below}/${name}`;
      if (statSync(join(folder, path)).isDirectory()) {
        read(path);
        continue;
      }
      const type = types[extname(name)];
      if (!type) continue;
      const isNamedByContent = path.startsWith("/assets/");
      files.set(path, {
        content: readFileSync(join(folder, path)),
        headers: {
          "content-type": type,
          "cache-control": isNamedByContent ? cacheControl.namedByContent : cacheControl.revalidated,
          ...(path === PAGE ? { "content-security-policy": ownFilesPolicy } : {}),
        },
        encoded: {},
      });
    }
  };
  try {
    read("");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  return files;
}
