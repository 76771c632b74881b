// One trial of a library: opens clients in its conformance program, compares what comes of calls, and notes each difference.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { isDeepStrictEqual } from "node:util";
import { join } from "node:path";
import type { Between } from "./between.ts";
import type { Language } from "./languages.ts";
import { type Answer, type Call, Program } from "./program.ts";
import { statusProblems } from "./status_form.ts";

/** What a trial needs of its surroundings. */
export interface Surroundings {
  language: Language;
  between: Between;
  /** Members of `open` that most trials have: the server's address, API key, product and public keys. */
  defaults: Record<string, unknown>;
}

let number = 0;

export class Trial {
  readonly language: Language;
  readonly between: Between;
  /** Differences, each with its step, what is expected and what was found. */
  readonly failures: string[] = [];
  readonly #defaults: Record<string, unknown>;
  readonly #programs: Program[] = [];
  #folder: string | null = null;
  #step = "";

  /** @param first a program that is running already, which is used first and not ended */
  constructor({ language, between, defaults }: Surroundings, readonly first: Program) {
    this.language = language;
    this.between = between;
    this.#defaults = defaults;
  }

  /** The step that is tried. */
  get at(): string {
    return this.#step;
  }

  /** Names what follows, in messages. */
  step(name: string): void {
    this.#step = name;
  }

  equal(what: string, found: unknown, expected: unknown): void {
    if (!isDeepStrictEqual(found, expected)) this.#differ(what, found, JSON.stringify(expected));
  }

  /** @param expected in words */
  check(what: string, isRight: boolean, found: unknown, expected: string): void {
    if (!isRight) this.#differ(what, found, expected);
  }

  #differ(what: string, found: unknown, expected: string): void {
    const text = JSON.stringify(found) ?? "nothing";
    const shown = text.length > 700 ? `${text.slice(0, 700)}…` : text;
    this.failures.push(`${this.#step ? `${this.#step}: ` : ""}${what}: expected ${expected}, got ${shown}`);
  }

  /** A path in a folder of this trial, which is not there yet. */
  async path(name = "app/license.json"): Promise<string> {
    this.#folder ??= await mkdtemp(join(tmpdir(), "latchkey-conformance-"));
    return join(this.#folder, name);
  }

  /** Another process of the program. @param language of this one by default */
  another(language = this.language, before: string[] = []): Program {
    const program = new Program(language, before);
    this.#programs.push(program);
    return program;
  }

  /**
   * Opens a client for a device of its own, unless one is given, with the cache file of the trial.
   *
   * @returns how it is called
   */
  async open(options: Record<string, unknown> = {}, program = this.first): Promise<Client> {
    const fingerprint = options.fingerprint ?? `${this.language.name} ${++number}`;
    const file = options.file === undefined ? await this.path() : options.file;
    const given = { ...this.#defaults, ...options, fingerprint, file };
    const client = new Client(this, program, given);
    this.equal("open", await program.call({ call: "open", ...given }), { ok: true });
    return client;
  }

  /** What comes of bad options, or others. */
  async opened(options: Record<string, unknown>): Promise<Answer> {
    const given = { ...this.#defaults, file: null, fingerprint: "device", ...options };
    return await this.first.call({ call: "open", ...given });
  }

  /** Ends the other processes, and removes the folder. */
  async end(): Promise<void> {
    for (const program of this.#programs) {
      await program.end().catch((error) => this.failures.push(`another process: ${error.message}`));
    }
    if (this.#folder) await rm(this.#folder, { recursive: true, force: true });
  }
}

/** After a start without a network the background refresh may have failed already, or not. */
export const perhapsLost = /^(NETWORK_ERROR)?$/;

/** A client in a program. */
export class Client {
  constructor(
    readonly trial: Trial,
    readonly program: Program,
    readonly options: Record<string, unknown>,
  ) {}

  /** Calls it; statuses are checked for their form. */
  async call(call: string, members: Record<string, unknown> = {}): Promise<Answer> {
    const answer = await this.program.call({ call, ...members });
    this.#checkForm(call, answer);
    return answer;
  }

  async parallel(calls: Call[]): Promise<Answer[]> {
    const { results } = await this.program.call({ call: "parallel", calls });
    results.forEach((answer: Answer, index: number) => this.#checkForm(calls[index].call, answer));
    return results;
  }

  /** Calls it, and compares the state and the code of the error; `any` is any error, null none. */
  async expect(
    call: string,
    members: Record<string, unknown>,
    state: string,
    error: string | RegExp | null = null,
  ): Promise<Answer> {
    const answer = await this.call(call, members);
    const found = { state: answer.status?.state, error: answer.status?.error?.code ?? null };
    if (!answer.status) this.trial.equal(call, answer, { state, error: String(error) });
    else if (error instanceof RegExp) {
      this.trial.equal(`${call}: state`, found.state, state);
      this.trial.check(`${call}: error`, error.test(found.error ?? ""), found.error, `a code of ${error}`);
    } else this.trial.equal(call, found, { state, error });
    return answer.status ?? {};
  }

  /** Calls it, and compares the code of the error that it fails with. */
  async expectError(call: string, members: Record<string, unknown>, code: string | RegExp): Promise<Answer> {
    const answer = await this.call(call, members);
    const found = answer.error?.code;
    const isRight = typeof code === "string" ? found === code : found !== undefined && code.test(found);
    this.trial.check(call, isRight, answer.error ? found : answer, `an error ${code}`);
    return answer.error ?? {};
  }

  /** Opens it again, as at the next start of the app. */
  async restart(options: Record<string, unknown> = {}): Promise<void> {
    this.trial.equal("open", await this.program.call({ call: "open", ...this.options, ...options }), {
      ok: true,
    });
  }

  #checkForm(call: string, answer: Answer): void {
    const problems = answer?.status !== undefined || answer?.error !== undefined
      ? statusProblems(answer)
      : [];
    for (const problem of problems) this.trial.check(`${call}: form of the answer`, false, answer, problem);
  }
}
