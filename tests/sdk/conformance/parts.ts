// The parts of the conformance of a library, and how they are run: each difference is a text that says where it is.
import { clocks } from "./clock_faults.ts";
import { disks } from "./disk_faults.ts";
import type { Language } from "./languages.ts";
import { lies } from "./lies.ts";
import { live } from "./live.ts";
import { liveCalls, withoutAnyNetwork } from "./live_calls.ts";
import { slowAnswers, stopping, withoutNetwork } from "./network_faults.ts";
import { options } from "./options.ts";
import { processes } from "./process_faults.ts";
import { Program } from "./program.ts";
import { retries } from "./retry_faults.ts";
import { playTranscripts } from "./transcripts.ts";
import { Trial } from "./trial.ts";
import type { Vendor } from "./vendor.ts";
import { disabling, rotation } from "./vendor_faults.ts";

type Part = (trial: Trial, vendor: Vendor) => Promise<void>;

export const parts: Record<string, Part> = {
  transcripts: playTranscripts,
  options,
  network: withoutNetwork,
  slow: slowAnswers,
  stop: stopping,
  retries,
  lies,
  clock: clocks,
  disk: disks,
  processes,
  rotation,
  disabling,
  live,
  calls: liveCalls,
  offline: withoutAnyNetwork,
};

/** Runs commands in the folder of a language. @throws Error with their output */
export async function runIn({ folder }: Language, commands: string[][]): Promise<void> {
  for (const [program, ...args] of commands) {
    const cwd = new URL(`../../../${folder}/`, import.meta.url);
    const { success, stdout, stderr } = await new Deno.Command(program, { args, cwd }).output();
    const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    if (!success) throw new Error(`${[program, ...args].join(" ")} failed:\n${text.slice(-6000)}`);
  }
}

/** Runs parts with one language, which is built. */
export class Conformance {
  #program: Program | null = null;

  constructor(readonly language: Language, readonly vendor: Vendor) {}

  /** @returns what is different, each with the step, what was expected and what was found */
  async run(part: string): Promise<string[]> {
    if (this.#program === null || this.#program.isBroken) this.#program = new Program(this.language);
    const { between, defaults } = this.vendor;
    const trial = new Trial({ language: this.language, between, defaults }, this.#program);
    try {
      await parts[part](trial, this.vendor);
    } catch (error) {
      trial.failures.push(`${trial.at}: ${error instanceof Error ? error.stack ?? error.message : error}`);
    } finally {
      await trial.end();
    }
    return trial.failures;
  }

  /** Ends the program. @returns what is wrong with its end */
  async end(): Promise<string[]> {
    try {
      await this.#program?.end();
      return [];
    } catch (error) {
      return [(error as Error).message];
    }
  }
}
