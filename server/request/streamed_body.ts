// Bodies that are sent piece by piece: what is made only when the client reads, and a client that stops reading is
// disconnected, because what waits for it holds memory and connections.

/** How long a client may take to read a piece; milliseconds. */
const READ_WITHIN = 60_000;

/**
 * A body that reads another one.
 *
 * @param options `ended`: called once, however it ends; `failed`: called with an error of the body itself; `readWithin`:
 *   milliseconds after which a client that does not read is disconnected
 */
export function streamBody(
  body: ReadableStream<Uint8Array>,
  { ended = () => {}, failed = () => {}, readWithin = READ_WITHIN }: {
    ended?: () => void;
    failed?: (error: unknown) => void;
    readWithin?: number;
  } = {},
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isEnded = false;
  const end = () => {
    clearTimeout(timer);
    if (!isEnded) ended();
    isEnded = true;
  };
  return new ReadableStream({
    async pull(controller) {
      clearTimeout(timer);
      try {
        const { value, done } = await reader.read();
        if (isEnded) return;
        if (done) {
          end();
          return controller.close();
        }
        controller.enqueue(value);
        timer = setTimeout(() => {
          end();
          controller.error(new Error("The client does not read"));
          reader.cancel().catch(() => {});
        }, readWithin);
      } catch (error) {
        end();
        failed(error);
        controller.error(error);
      }
    },
    cancel(reason) {
      end();
      return reader.cancel(reason);
    },
  }, { highWaterMark: 0 });
}

/** A response with another body. */
export function changedResponse({ status, headers }: Response, body: ReadableStream<Uint8Array>): Response {
  return new Response(body, { status, headers });
}
