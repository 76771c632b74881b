// Files and pages that are served from memory, each compressed once for each encoding that is asked for.
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { Answer } from "../request/endpoint.ts";

const encoders = {
  identity: (content: Uint8Array<ArrayBuffer>) => content,
  gzip: (content: Uint8Array<ArrayBuffer>) => gzipSync(content),
  br: (content: Uint8Array<ArrayBuffer>) =>
    brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
};
type Encoding = keyof typeof encoders;

export interface StaticFile {
  content: Uint8Array<ArrayBuffer>;
  /** All headers but those of the encoding. */
  headers: Record<string, string>;
  /** The encodings that were asked for so far. */
  encoded: Partial<Record<Encoding, Uint8Array<ArrayBuffer>>>;
}

/** What a browser keeps of a file whose name changes with its content, and of any other file. */
export const cacheControl = {
  namedByContent: "public, max-age=31536000, immutable",
  revalidated: "no-cache",
} as const;

/**
 * The content security policy (CSP Level 3) of pages whose scripts and styles are files: those of this server only, no other
 * host, no framing; scripts may set styles on elements, markup may not.
 */
export const ownFilesPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

/** Answers with a file in an encoding that the client accepts. */
export function answerStaticFile(
  file: StaticFile,
  request: Request,
): Answer<200, Uint8Array<ArrayBuffer> | null> {
  const accepted = request.headers.get("accept-encoding") ?? "";
  const encoding = (["br", "gzip"] as const).find((name) => accepted.includes(name)) ?? "identity";
  return {
    status: 200,
    body: request.method === "HEAD" ? null : file.encoded[encoding] ??= encoders[encoding](file.content),
    headers: {
      ...file.headers,
      "vary": "accept-encoding",
      ...(encoding === "identity" ? {} : { "content-encoding": encoding }),
    },
  };
}
