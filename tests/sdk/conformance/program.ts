// A running conformance program: one JSON object a line in, one out, in order.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Language } from "./languages.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
/** A program that has not answered after so many milliseconds hangs. */
const LONGEST_CALL = 40_000;
/** How long a program may take to end after its input has; milliseconds. */
const LONGEST_END = 5000;

// deno-lint-ignore no-explicit-any
export type Answer = any;
export type Call = { call: string } & Record<string, unknown>;

export class Program {
  readonly pid: number;
  readonly #child: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #lines: AsyncIterator<string>;
  #errors = "";
  #isBroken = false;

  /** @param before a command that starts the program's command, which is added to it */
  constructor(language: Language, before: string[] = []) {
    const [program, ...args] = [...before, ...language.start];
    this.#child = new Deno.Command(program, {
      args,
      cwd: join(root, language.folder),
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.pid = this.#child.pid;
    this.#writer = this.#child.stdin.getWriter();
    this.#lines = linesOf(this.#child.stdout);
    void this.#keepErrors();
  }

  /** Whether it has ended or hangs, so that another one has to be started. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** The last of what it wrote to standard error. */
  get errors(): string {
    return this.#errors;
  }

  /** @throws Error when it hangs, ends or writes something else */
  async call(call: Call): Promise<Answer> {
    try {
      await this.#writer.write(new TextEncoder().encode(`${JSON.stringify(call)}\n`));
      const { value, done } = await within(LONGEST_CALL, this.#lines.next(), `an answer to ${call.call}`);
      if (done) throw new Error(`The program ended at the call ${call.call}.`);
      return JSON.parse(value);
    } catch (error) {
      this.#isBroken = true;
      this.kill();
      throw new Error(`${(error as Error).message}\n${this.#errors}`.trim());
    }
  }

  /** Ends its input, and waits for its end. @throws Error when it does not end, or with another exit code than 0 */
  async end(): Promise<void> {
    if (this.#isBroken) return;
    this.#isBroken = true;
    try {
      await this.#writer.close();
      const { code } = await within(LONGEST_END, this.#child.status, "its end after the end of its input");
      if (code !== 0) throw new Error(`The program ended with the exit code ${code}.\n${this.#errors}`);
    } finally {
      this.kill();
    }
  }

  kill(): void {
    this.#isBroken = true;
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended.
    }
  }

  async #keepErrors(): Promise<void> {
    for await (const text of this.#child.stderr.pipeThrough(new TextDecoderStream())) {
      this.#errors = (this.#errors + text).slice(-3000);
    }
  }
}

async function* linesOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest !== "") yield rest;
}

async function within<T>(time: number, work: Promise<T>, what: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout>;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`The program hangs: no ${what} in ${time / 1000} s.`)), time);
  });
  return await Promise.race([work, late]).finally(() => clearTimeout(timer));
}
