// The panel's files: one HTML page for every address of the panel, its scripts and styles. They are read from web/dist
// once, each compressed once for each encoding that is asked for, and served from memory.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { Answer } from "../request/endpoint.ts";
import { hasEmptyPart, pathOf } from "../request/paths.ts";

const folder = fileURLToPath(new URL("../../web/dist/", import.meta.url));

const types: Record<string, string> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** Scripts and styles of this server only, no other host, no framing; scripts may set styles on elements, markup may not. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

const PAGE = "/index.html";
/** The documented pages, served to every client. Every other address of the panel is for browsers. */
const documented = /^\/leads(?:\/create|\/edit\/\d+)?$|^\/(?:customer|license)\/edit\/\d+$/;
/** Addresses outside the panel: unknown ones among them are answered with an error. */
const foreign = /^\/(?:api|trpc|assets|account|admin|docs|\.well-known)(?:\/|$)/;

const encoders = {
  identity: (content: Uint8Array) => content,
  gzip: (content: Uint8Array) => gzipSync(content),
  br: (content: Uint8Array) =>
    brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
};
type Encoding = keyof typeof encoders;

interface File {
  type: string;
  content: Uint8Array;
  /** The encodings that were asked for so far. */
  encoded: Partial<Record<Encoding, Uint8Array>>;
  /** Its name changes with its content. */
  isNamedByContent: boolean;
}

/**
 * Answers requests no endpoint is declared for: the panel's files, the documented pages, and every address a browser
 * opens. Null where an address is not the panel's.
 */
export function openPanel(): (request: Request) => Answer | null {
  let files: Map<string, File> | null = null;

  function answerFile(request: Request, path: string): Answer | null {
    const file = (files ??= readFiles()).get(path);
    if (!file) return null;
    const accepted = request.headers.get("accept-encoding") ?? "";
    const encoding = (["br", "gzip"] as const).find((name) => accepted.includes(name)) ?? "identity";
    return {
      status: 200,
      body: request.method === "HEAD" ? null : file.encoded[encoding] ??= encoders[encoding](file.content),
      headers: {
        "content-type": file.type,
        "cache-control": file.isNamedByContent ? "public, max-age=31536000, immutable" : "no-cache",
        "vary": "accept-encoding",
        ...(encoding === "identity" ? {} : { "content-encoding": encoding }),
        ...(path === PAGE ? { "content-security-policy": policy } : {}),
      },
    };
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

function readFiles(): Map<string, File> {
  const files = new Map<string, File>();
  const read = (below: string) => {
    for (const name of readdirSync(join(folder, below))) {
      const path = `${below}/${name}`;
      if (statSync(join(folder, path)).isDirectory()) {
        read(path);
        continue;
      }
      const type = types[extname(name)];
      if (!type) continue;
      const content = readFileSync(join(folder, path));
      files.set(path, {
        type,
        content,
        encoded: {},
        isNamedByContent: path.startsWith("/assets/"),
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
