// What a listener sends: an answer of the pipeline as it is written, or a `Response` of a library.

/** An answer with everything decided. */
export interface RenderedAnswer {
  status: number;
  /** Names, in lower case, and values in turn. Only `set-cookie` may be there twice. */
  headers: string[];
  body: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | null;
}

export type Reply = RenderedAnswer | Response;

/** An answer in the form of the Fetch standard. */
export function toResponse(reply: Reply): Response {
  if (reply instanceof Response) return reply;
  const { status, headers, body } = reply;
  // Headers are appended one by one: on Deno 2.9 a `Response` that is given them takes ten times as long.
  const response = status === 200 ? new Response(body) : new Response(body, { status });
  const { headers: own } = response;
  for (let index = 0; index < headers.length; index += 2) {
    // A text body has brought a type.
    if (headers[index] === "content-type") own.set("content-type", headers[index + 1]);
    else own.append(headers[index], headers[index + 1]);
  }
  return response;
}

/** The answer to HEAD: the one to GET without its body. */
export function withoutBody(reply: Reply): Reply {
  return reply instanceof Response ? new Response(null, reply) : { ...reply, body: null };
}
