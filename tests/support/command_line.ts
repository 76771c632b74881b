// The command line in tests: real processes of the task `latchkey`, with its permissions and a settings folder of their own.
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import manifest from "../../deno.json" with { type: "json" };

const root = fileURLToPath(new URL("../..", import.meta.url));

export interface Ended {
  code: number;
  out: string;
  err: string;
  /** What was printed, as JSON. */
  // deno-lint-ignore no-explicit-any
  json: any;
}

/** The command of a task as `deno task` starts it: with its variables filled in. */
export function taskWords(name: keyof typeof manifest.tasks, variables: Record<string, string>): string[] {
  const [, ...words] = manifest.tasks[name].command.replaceAll(/\$(\w+)/g, (_, name) => variables[name] ?? "")
    .split(" ");
  return words;
}

/** A person at a shell: a folder they are in, a folder for their settings, and variables. */
export class Shell {
  readonly folder = Deno.makeTempDirSync({ prefix: "latchkey-shell-" });
  readonly #variables: Record<string, string>;

  constructor(variables: Record<string, string> = {}) {
    this.#variables = variables;
  }

  get sessionFile(): string {
    return `${this.folder}/.config/latchkey/sessions.json`;
  }

  command(args: string[], variables: Record<string, string> = {}): Deno.Command {
    const env = { HOME: this.folder, INIT_CWD: this.folder, ...this.#variables, ...variables };
    return new Deno.Command(Deno.execPath(), {
      args: [...taskWords("latchkey", env), ...args],
      cwd: root,
      clearEnv: true,
      env: { PATH: dirname(Deno.execPath()), ...env },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    });
  }

  /** Runs a command to its end. */
  async run(args: string[], input = "", variables: Record<string, string> = {}): Promise<Ended> {
    const child = this.command(args, variables).spawn();
    await new Blob([input]).stream().pipeTo(child.stdin).catch(() => {});
    const { code, stdout, stderr } = await child.output();
    const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
    return {
      code,
      out,
      err,
      get json() {
        return JSON.parse(out);
      },
    };
  }

  remove(): Promise<void> {
    return Deno.remove(this.folder, { recursive: true });
  }
}
