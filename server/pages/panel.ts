// The panel's files: one page for every address of the panel, and what it is made of. They are read from web/dist once,
// packed once, and served from memory.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const folder = fileURLToPath(new URL("../../web/dist/", import.meta.url));

const types: Record<string, string> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** Scripts and styles of our own alone, no other host, no frame around us; script sets styles on elements, text does not. */
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
/** The documented pages, which are the panel's whoever asks. Every other address of it is for browsers. */
const documented = /^\/leads\/(?:create|edit\/\d+)?$|^\/(?:customer|license)\/edit\/\d+$/;
/** Other doors, whose unknown addresses stay refusals. */
const foreign = /^\/(?:api|trpc|assets|account|admin|docs|\.well-known)(?:\/|$)/;

interface File {
  type: string;
  packed: Record<"br" | "gzip" | "identity", Uint8Array>;
  /** Its name changes with its content. */
  isNamedByContent: boolean;
}

/**
 * The panel, as answers to requests that no call is declared for: its files, the documented pages, and every address
 * that a browser asks for. Null where an address is not the panel's.
 */
export function openPanel(): (request: Request) => Response | null {
  let files: Map<string, File> | null = null;

  function answerFile(request: Request, path: string): Response | null {
    const file = (files ??= readFiles()).get(path);
    if (!file) return null;
    const accepted = request.headers.get("accept-encoding") ?? "";
    const encoding = (["br", "gzip"] as const).find((name) => accepted.includes(name)) ?? "identity";
    return new Response(request.method === "HEAD" ? null : file.packed[encoding] as BodyInit, {
      headers: {
        "content-type": file.type,
        "cache-control": file.isNamedByContent ? "public, max-age=31536000, immutable" : "no-cache",
        "vary": "accept-encoding",
        "x-content-type-options": "nosniff",
        ...(encoding === "identity" ? {} : { "content-encoding": encoding }),
        ...(path === PAGE ? pageHeaders : {}),
      },
    });
  }

  return (request) => {
    if (request.method !== "GET" && request.method !== "HEAD") return null;
    const { pathname } = new URL(request.url);
    const isForBrowser = request.headers.get("accept")?.includes("text/html") && !foreign.test(pathname);
    if (isForBrowser || documented.test(pathname)) return answerFile(request, PAGE) ?? notBuilt();
    return pathname === PAGE ? null : answerFile(request, pathname);
  };
}

const pageHeaders = {
  "content-security-policy": policy,
  "referrer-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "permissions-policy": "camera=(), microphone=(), geolocation=()",
};

function notBuilt(): Response {
  return new Response("The panel is not built. Run: deno task build, and start the server again.\n", {
    status: 503,
    headers: { "content-type": "text/plain; charset=utf-8" },
  });
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
        packed: {
          identity: content,
          gzip: gzipSync(content),
          br: brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
        },
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
