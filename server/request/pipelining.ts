// Requests that one connection sends without waiting for answers. They are handled one after another, as RFC 9112, section
// 9.3.2, demands where they change something, and few may wait: node:http of Deno parses all that arrives and reports each
// request at once, whether the answers are read or not.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** Requests of a connection that wait for the one before them. Beyond, the connection is closed. */
const MAX_WAITING = 32;

type Listener = (incoming: IncomingMessage, outgoing: ServerResponse) => void;
/** `isLast`: no other request of the connection waits. */
type Handle = (incoming: IncomingMessage, outgoing: ServerResponse, isLast: boolean) => void;

interface Exchange {
  incoming: IncomingMessage;
  outgoing: ServerResponse;
  isEnded: boolean;
}

/**
 * Handles the requests of each connection one after another.
 *
 * @param counter counts every request and its end: the answer is sent, or the connection is closed
 */
export function inTurn(handle: Handle, counter: { begin(): void; end(): void }): Listener {
  const lines = new WeakMap<Socket, Exchange[]>();

  function end(exchange: Exchange): void {
    if (exchange.isEnded) return;
    exchange.isEnded = true;
    counter.end();
  }

  function lineOf(socket: Socket): Exchange[] {
    const known = lines.get(socket);
    if (known) return known;
    const line: Exchange[] = [];
    lines.set(socket, line);
    // No event of an answer that has not begun reports that its connection is closed.
    socket.once("close", () => line.splice(0).forEach(end));
    return line;
  }

  return (incoming, outgoing) => {
    const { socket } = incoming;
    // The rest of what arrived together is still reported.
    if (socket.destroyed) return;
    const line = lineOf(socket);
    if (line.length > MAX_WAITING) return void socket.destroy();
    const exchange = { incoming, outgoing, isEnded: false };
    line.push(exchange);
    counter.begin();
    outgoing.once("close", () => {
      end(exchange);
      if (line[0] !== exchange) return;
      line.shift();
      if (line.length > 0) handle(line[0].incoming, line[0].outgoing, line.length === 1);
    });
    if (line.length === 1) handle(incoming, outgoing, true);
  };
}
