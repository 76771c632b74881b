// What a program keeps in memory: its heap after a garbage collection, read through the inspector of the engine.
import { freePort } from "../../db/embedded/free_port.ts";

export interface Heap {
  /** The options with which the program has to be started. */
  options: string[];
  /** Collects garbage. Returns the bytes that are in use: objects, and buffers outside the heap. */
  used(): Promise<number>;
}

/** The heap of a program that is started with `options`. */
export function heapOfProgram(): Heap {
  const port = freePort();
  let id = 0;
  async function call(socket: WebSocket, method: string): Promise<Record<string, number>> {
    const sent = ++id;
    const answered = new Promise<Record<string, number>>((resolve) => {
      socket.addEventListener("message", function receive({ data }) {
        const answer = JSON.parse(data);
        if (answer.id !== sent) return;
        socket.removeEventListener("message", receive);
        resolve(answer.result);
      });
    });
    socket.send(JSON.stringify({ id: sent, method }));
    return await answered;
  }
  return {
    options: [`--inspect=127.0.0.1:${port}`],
    async used() {
      const [{ webSocketDebuggerUrl }] = await (await fetch(`http://127.0.0.1:${port}/json`)).json();
      const socket = new WebSocket(webSocketDebuggerUrl);
      await new Promise((resolve) => socket.addEventListener("open", resolve, { once: true }));
      // What the first collection finds unreachable may hold what the second frees.
      await call(socket, "HeapProfiler.collectGarbage");
      await call(socket, "HeapProfiler.collectGarbage");
      const usage = await call(socket, "Runtime.getHeapUsage");
      socket.close();
      return usage.usedSize + (usage.backingStorageSize ?? 0);
    },
  };
}
