// `deno task bench:scale [factor] [--data FOLDER] [--reload] [--keep-schema] [--database]`: a data set of 1,000,000
// licenses (or the part of it that `factor` says), which is loaded once and kept in the folder. With --database the
// database runs until Ctrl-C, for one who works on its queries.
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startPostgres } from "../../db/embedded/postgres.ts";
import { ensureDataSet, postgresSettings } from "./scale/data_directory.ts";

const { values, positionals } = parseArgs({
  args: Deno.args.filter((argument) => argument !== "--"),
  allowPositionals: true,
  options: {
    data: { type: "string", default: ".data/bench-scale" },
    reload: { type: "boolean" },
    "keep-schema": { type: "boolean" },
    database: { type: "boolean" },
  },
});
const factor = Number(positionals[0] ?? 1);
if (!(factor > 0 && factor <= 10)) throw new Error("The factor is a number above 0, at most 10.");

await ensureDataSet(
  { folder: values.data, factor, reload: values.reload, keepSchema: values["keep-schema"] },
  console.log,
);
if (values.database) {
  const postgres = await startPostgres({ dir: join(values.data, "postgres"), settings: postgresSettings });
  console.log(`DATABASE_URL=${postgres.url}\nCtrl-C stops it.`);
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, resolve);
  });
  await postgres.stop();
}
Deno.exit(0);
