// What a subscription sends, as server-sent events in the form that tRPC's clients read: `connected` with what the client
// needs to know, data with an id, `ping`, `return` at the end and `serialized-error`. tRPC's own writer encodes every item for
// each client and passes it on in several pieces.
import { isTrackedEnvelope } from "@trpc/server";

/** Items that are sent together. A batch without items shows that there is nothing to send; some become a ping. */
export type Batch = readonly unknown[];

/** The stream that a subscription is called for. */
export interface LiveStream {
  /** Aborted when the client has left or was disconnected. */
  readonly signal: AbortSignal;
  /** Disconnects a client that does not keep up. It opens another stream and loads what it shows again. */
  drop(): void;
  /** What is sent; null until the procedure has let the caller in. */
  batches: AsyncGenerator<Batch> | null;
}

/** Silence after which a ping is sent; milliseconds. */
const PING_AFTER = 15_000;
/** Silence after which a client opens another stream; milliseconds. */
const RECONNECT_AFTER = 40_000;

const encoder = new TextEncoder();
const frame = (event: string, data: string) => encoder.encode(`event: ${event}\ndata: ${data}\n\n`);
const connected = frame("connected", JSON.stringify({ reconnectAfterInactivityMs: RECONNECT_AFTER }));
const ping = frame("ping", "");
const returned = frame("return", "");

/** Batches that several streams send are encoded once. */
const encoded = new WeakMap<Batch, Uint8Array>();

/** The bytes of a batch. */
export function encodeBatch(batch: Batch): Uint8Array {
  let bytes = encoded.get(batch);
  if (!bytes) encoded.set(batch, bytes = encoder.encode(batch.map(describeItem).join("")));
  return bytes;
}

/** An item with its position, from which an interrupted client continues. */
function describeItem(item: unknown): string {
  if (!isTrackedEnvelope(item)) return `data: ${JSON.stringify(item)}\n\n`;
  const [position, data] = item;
  return `data: ${JSON.stringify(data)}\nid: ${position}\n\n`;
}

/**
 * Encodes batches as they come.
 *
 * @param describeError the error as tRPC's clients read it
 */
export async function* encodeLive(
  batches: AsyncIterable<Batch>,
  describeError: (error: unknown) => unknown,
  pingAfter = PING_AFTER,
): AsyncGenerator<Uint8Array, undefined> {
  yield connected;
  let sentAt = performance.now();
  try {
    for await (const batch of batches) {
      const isSilent = batch.length === 0;
      if (isSilent && performance.now() - sentAt < pingAfter) continue;
      yield isSilent ? ping : encodeBatch(batch);
      sentAt = performance.now();
    }
    yield returned;
  } catch (error) {
    yield frame("serialized-error", JSON.stringify(describeError(error)));
  }
}
