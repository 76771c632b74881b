// `backup` and `restore`, with the settings of the server.
import { readEnvironment } from "../../../server/config.ts";
import { type BackupOptions, runBackup, runRestore } from "../../backup/commands.ts";
import type { Options, Result } from "../define.ts";
import { print } from "../terminal.ts";
import { explained } from "./settings.ts";

export async function backup(options: BackupOptions, isJson: boolean): Promise<Result> {
  const lines: string[] = [];
  const json = await explained(() => runBackup(options, readEnvironment(), (line) => lines.push(line)));
  return { json, text: isJson ? "" : lines.join("\n") };
}

export async function restore(path: string | undefined, options: Options): Promise<Result> {
  // A restore says what it did also when Redis could not be emptied afterwards.
  const say = options.json ? () => {} : print;
  const json = await explained(() =>
    runRestore(
      {
        path,
        recovered: options.recovered === true,
        replace: options.replace === true,
        keepSignIns: options.keepSignIns === true,
        acceptUnreadable: options.acceptUnreadableSecrets === true,
      },
      readEnvironment(),
      say,
    )
  );
  return { json, text: "" };
}
