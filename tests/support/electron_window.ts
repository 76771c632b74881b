// A window of the example's Electron app, whose main process runs in Node with a stand-in for Electron.
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

interface Message {
  channel?: string;
  args?: unknown[];
  // deno-lint-ignore no-explicit-any
  result?: any;
  error?: string;
}

/** Puts the example and the stand-in into an app's folder. */
export async function installElectron(app: string): Promise<void> {
  const stand = join(app, "node_modules/electron");
  await mkdir(stand, { recursive: true });
  await copyFile(fileURLToPath(new URL("electron_stand_in.cjs", import.meta.url)), join(stand, "index.js"));
  await writeFile(join(stand, "package.json"), '{ "name": "electron", "main": "index.js" }\n');
  await copyFile(join(app, "node_modules/@latchkey/client/example/electron.cjs"), join(app, "electron.cjs"));
}

/** Starts the app; the window is loaded when it returns. */
export async function openWindow(app: string, env: Record<string, string>) {
  const child = new Deno.Command("node", {
    args: ["electron.cjs"],
    cwd: app,
    env: { ...env, USER_DATA: join(app, "user data") },
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const writer = child.stdin.getWriter();
  const messages = messagesOf(child.stdout);
  /** What the main process has sent by itself. */
  const sent: Message[] = [];
  async function next(isWanted: (message: Message) => boolean): Promise<Message> {
    for (;;) {
      const { value, done } = await messages.next();
      if (done) throw new Error("The main process has ended.");
      if (isWanted(value)) return value;
      sent.push(value);
    }
  }
  await next(({ channel }) => channel === "loaded");
  return {
    sent,
    /** Asks the main process. */
    async invoke(channel: string, ...args: unknown[]) {
      await writer.write(new TextEncoder().encode(`${JSON.stringify({ channel, args })}\n`));
      const { result, error } = await next((message) => "result" in message || "error" in message);
      if (error !== undefined) throw new Error(error);
      return result;
    },
    /** Quits the app, which ends by itself. */
    async quit(): Promise<void> {
      await writer.close();
      while (!(await messages.next()).done);
      const { code } = await child.status;
      if (code !== 0) throw new Error(`The main process ends with ${code}.`);
    },
  };
}

async function* messagesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Message, undefined> {
  let rest = "";
  const decoder = new TextDecoder();
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop()!;
    for (const line of lines) yield JSON.parse(line);
  }
}
