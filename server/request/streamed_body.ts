// Bodies that are sent piece by piece: what is made only when the client reads, and a client that stops reading is
// disconnected, because what waits for it holds memory and connections.

/** How long a client may take to read a piece; milliseconds. */
const READ_WITHIN = 60_000;

/** Where the pieces of a body come from. */
export interface PieceReader {
  /** Without a value: the end. */
  read(): Promise<{ value?: Uint8Array }>;
  /** Nothing more is read. */
  cancel(reason?: unknown): Promise<unknown>;
}

/**
 * A body that reads another one.
 *
 * @param options `ended`: called once, however it ends; `failed`: called with an error of the body itself; `disconnected`:
 *   called when the client is disconnected, after `readWithin` milliseconds in which it reads nothing or by `dropped`
 */
export function streamBody(
  body: ReadableStream<Uint8Array> | PieceReader,
  { ended = () => {}, failed = () => {}, disconnected = () => {}, readWithin = READ_WITHIN, dropped }: {
    ended?: () => void;
    disconnected?: () => void;
    failed?: (error: unknown) => void;
    readWithin?: number;
    dropped?: AbortSignal;
  } = {},
): ReadableStream<Uint8Array> {
  const reader = body instanceof ReadableStream ? body.getReader() : body;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isEnded = false;
  const end = () => {
    clearTimeout(timer);
    if (!isEnded) ended();
    isEnded = true;
  };
  const disconnect = (controller: ReadableStreamDefaultController<Uint8Array>) => {
    if (isEnded) return;
    end();
    disconnected();
    controller.error(cut("The client does not read"));
    reader.cancel().catch(() => {});
  };
  return new ReadableStream({
    start(controller) {
      dropped?.addEventListener("abort", () => disconnect(controller), { once: true });
    },
    async pull(controller) {
      clearTimeout(timer);
      try {
        const { value } = await reader.read();
        if (isEnded) return;
        if (!value) {
          end();
          return controller.close();
        }
        controller.enqueue(value);
        timer = setTimeout(() => disconnect(controller), readWithin);
      } catch (error) {
        // One who was disconnected reads nothing more, and so sees no error.
        if (isEnded) return;
        end();
        failed(error);
        controller.error(cut("The body failed"));
      }
    },
    async cancel(reason) {
      end();
      await reader.cancel(reason);
    },
  }, { highWaterMark: 0 });
}

/** What ends a body early. `Deno.serve` prints it past the log, so it is one line; `failed` has the error with its stack. */
function cut(message: string): Error {
  const error = new Error(message);
  error.stack = message;
  return error;
}

/** A response with another body. */
export function changedResponse({ status, headers }: Response, body: ReadableStream<Uint8Array>): Response {
  return new Response(body, { status, headers });
}
