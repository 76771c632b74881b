// Readers of the panel's event stream at every speed: raw connections, whose windows close when nothing is read.

/** Bytes a second; `leaves`: opens another stream every few seconds. */
export interface ReaderKind {
  bytesPerSecond: number;
  leaves?: boolean;
}

export interface PanelReader {
  kind: ReaderKind;
  /** Positions that arrived. */
  received: number;
  /** Streams it opened. */
  opened: number;
  /** Streams that the server ended. */
  dropped: number;
  close(): Promise<void>;
}

/** Milliseconds. */
const STAY = 7000;
const RETRY_AFTER = 500;
const READ_INTERVAL = 100;

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Opens the stream, and another one whenever it ends. */
export function openPanelReader(url: string, token: string, kind: ReaderKind): PanelReader {
  const { hostname, port } = new URL(url);
  let connection: Deno.TcpConn | undefined;
  let isClosed = false;
  const reader: PanelReader = {
    kind,
    received: 0,
    opened: 0,
    dropped: 0,
    async close() {
      isClosed = true;
      closeConnection();
      await following;
    },
  };

  function closeConnection(): void {
    try {
      connection?.close();
    } catch {
      // It is closed already.
    }
  }

  async function follow(): Promise<void> {
    connection = await Deno.connect({ hostname, port: Number(port) });
    await connection.write(new TextEncoder().encode(
      `GET /trpc/events.feed?input=%7B%7D HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n\r\n`,
    ));
    reader.opened++;
    const leavesAt = performance.now() + (kind.leaves ? STAY : Infinity);
    const { bytesPerSecond } = kind;
    // One that never reads notices nothing but that its connection is reset.
    if (bytesPerSecond === 0) return await untilReset(connection);
    const isLimited = Number.isFinite(bytesPerSecond);
    const buffer = new Uint8Array(isLimited ? Math.ceil(bytesPerSecond * READ_INTERVAL / 1000) : 64 * 1024);
    const decoder = new TextDecoder();
    let rest = "";
    while (performance.now() < leavesAt) {
      const size = await connection.read(buffer);
      if (size === null) return void reader.dropped++;
      const text = rest + decoder.decode(buffer.subarray(0, size), { stream: true });
      const positions = text.split("\nid: ");
      reader.received += positions.length - 1;
      rest = positions.at(-1)!.slice(-4);
      if (isLimited) await pause(READ_INTERVAL);
    }
  }

  /** Writes on a connection that was reset fail. A line break between two requests is ignored. */
  async function untilReset(connection: Deno.TcpConn): Promise<void> {
    while (true) {
      await pause(STAY);
      await connection.write(new Uint8Array([13, 10]));
    }
  }

  const following = (async () => {
    while (!isClosed) {
      await follow().catch(() => {
        if (!isClosed) reader.dropped++;
      });
      closeConnection();
      await pause(RETRY_AFTER);
    }
  })();
  return reader;
}
