// Reading long bodies in turns. A socket is read for as long as there is something in the buffers of the system, and when a
// body ends in a refusal the next upload begins at once: several megabytes each of many uploads would be one piece of work.
import type { Readable } from "node:stream";

/** What is read of one body before the other connections have their turn; bytes. */
const PER_TURN = 256 * 1024;
/**
 * The length of that turn; milliseconds. Deno asks the system for new data only when it has to wait for something: a turn
 * that begins at once, as that of `setImmediate`, lets no other connection in.
 */
const TURN = 1;

/** Resolves when the other connections have had their turn. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, TURN));
}

/**
 * Lets the other connections have their turn after every `PER_TURN` bytes of a body.
 *
 * @returns `noteRead` is called with the size of each piece; after `end` the stream is neither paused nor resumed here
 */
export function readInTurns(incoming: Readable): { noteRead(size: number): void; end(): void } {
  let left = PER_TURN;
  let turn: ReturnType<typeof setTimeout> | undefined;
  return {
    noteRead(size) {
      left -= size;
      if (left > 0) return;
      left = PER_TURN;
      incoming.pause();
      clearTimeout(turn);
      turn = setTimeout(() => incoming.resume(), TURN);
    },
    end() {
      clearTimeout(turn);
    },
  };
}
