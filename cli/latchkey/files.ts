// Files that a person names on the command line: relative to the folder in which the command was called.
import { resolve } from "node:path";
import { environment } from "./environment.ts";
import { CommandError } from "./exit_codes.ts";

/** `deno task` starts programs in the project's folder and says where it was called itself. */
export const userPath = (path: string): string => resolve(environment.INIT_CWD ?? Deno.cwd(), path);

/** All of a file, or of standard input where none is named. */
export async function readInput(path: string | undefined, what: string): Promise<Uint8Array<ArrayBuffer>> {
  if (path !== undefined && path !== "-") {
    return await Deno.readFile(userPath(path)).catch((error) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      throw new CommandError("refused", `There is no file ${userPath(path)}.`);
    });
  }
  if (Deno.stdin.isTerminal()) {
    throw new CommandError("wrongUse", `No file is named: ${what}.`, "Name one, or use < FILE.");
  }
  return new Uint8Array(await new Response(Deno.stdin.readable).arrayBuffer());
}

/** Writes a file that is there when it is complete, and not before. Returns its bytes. */
export async function writeOutput(
  path: string,
  body: ReadableStream<Uint8Array>,
  onProgress: (bytes: number) => void,
): Promise<number> {
  const file = userPath(path);
  const unfinished = `${file}.unfinished`;
  let bytes = 0;
  try {
    const counted = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        onProgress(bytes += chunk.length);
        controller.enqueue(chunk);
      },
    });
    await body.pipeThrough(counted).pipeTo(
      (await Deno.open(unfinished, { write: true, create: true, truncate: true })).writable,
    );
    await Deno.rename(unfinished, file);
  } catch (error) {
    await Deno.remove(unfinished).catch(() => {});
    throw error;
  }
  return bytes;
}
