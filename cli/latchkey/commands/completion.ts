// `completion bash|zsh|fish`: a script for the shell, made from the program's commands, so that completing asks no program.
import type { Command } from "commander";
import { define } from "../define.ts";
import { CommandError } from "../exit_codes.ts";

/** A position on the command line, such as `licenses list`, and what can follow. */
interface Position {
  path: string;
  words: { word: string; description: string }[];
}

export function defineCompletionCommand(program: Command): void {
  program.commandsGroup("More:");
  define(program, {
    name: "completion <shell>",
    summary: "Print a script for bash, zsh or fish that completes commands and options",
    example: "completion bash > ~/.local/share/bash-completion/completions/latchkey",
    rights: "none",
    run([shell]) {
      const write = { bash, zsh, fish }[shell];
      if (!write) throw new CommandError("wrongUse", `${shell} is none of bash, zsh and fish.`);
      const script = write(positionsOf(program, ""));
      return Promise.resolve({ json: { shell, script }, text: script });
    },
  });
}

function positionsOf(command: Command, path: string): Position[] {
  const help = command.createHelp();
  const commands = help.visibleCommands(command).filter((sub) => sub.name() !== "help");
  const options = help.visibleOptions(command).flatMap(({ long, description }) =>
    long ? [{ word: long, description }] : []
  );
  return [
    {
      path,
      words: [...commands.map((sub) => ({ word: sub.name(), description: sub.description() })), ...options],
    },
    ...commands.flatMap((sub) => positionsOf(sub, path === "" ? sub.name() : `${path} ${sub.name()}`)),
  ];
}

/** A word of a group stands for the position; what begins with a hyphen and arguments are passed over. */
const bash = (positions: Position[]) =>
  `# bash completion of latchkey
_latchkey() {
  local current=\${COMP_WORDS[COMP_CWORD]} path= word words
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$path $word" in
${
    positions.filter(({ path }) => path !== "").map(({ path }) =>
      `      "${outer(path)} ${inner(path)}") path="${path}" ;;`
    ).join("\n")
  }
    esac
  done
  case "$path" in
${
    positions.map(({ path, words }) => `    "${path}") words="${words.map(({ word }) => word).join(" ")}" ;;`)
      .join("\n")
  }
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _latchkey latchkey`;

const zsh = (positions: Position[]) =>
  `#compdef latchkey
_latchkey() {
  local path_= word
  local -a words_
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$path_ $word" in
${
    positions.filter(({ path }) => path !== "").map(({ path }) =>
      `      "${outer(path)} ${inner(path)}") path_="${path}" ;;`
    ).join("\n")
  }
    esac
  done
  case "$path_" in
${
    positions.map(({ path, words }) =>
      `    "${path}") words_=(${
        words.map(({ word, description }) => quote(`${word}:${description}`)).join(" ")
      }) ;;`
    ).join("\n")
  }
  esac
  _describe latchkey words_ || _files
}
if [ "$funcstack[1]" = _latchkey ]; then _latchkey "$@"; else compdef _latchkey latchkey; fi`;

const fish = (positions: Position[]) =>
  `# fish completion of latchkey
function __latchkey_at
  set -l path
  for word in (commandline -opc)[2..]
    switch "$path $word"
${
    positions.filter(({ path }) => path !== "").map(({ path }) =>
      `      case "${outer(path)} ${inner(path)}"\n        set path "${path}"`
    ).join("\n")
  }
    end
  end
  test "$path" = "$argv[1]"
end
${
    positions.flatMap(({ path, words }) =>
      words.map(({ word, description }) =>
        `complete -c latchkey -n '__latchkey_at "${path}"' ${
          word.startsWith("--") ? `-l ${word.slice(2)}` : `-f -a ${word}`
        } -d ${quote(description)}`
      )
    ).join("\n")
  }`;

const outer = (path: string) => path.split(" ").slice(0, -1).join(" ");
const inner = (path: string) => path.split(" ").at(-1)!;
const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
