// The thread that reads one uploaded file and ends; see `read_table.ts` for the other side.
import { parentPort } from "node:worker_threads";
import { readFile, type ReadRequest } from "./read_file.ts";

parentPort!.once("message", async (request: ReadRequest) => {
  parentPort!.postMessage({ kind: "started" });
  const answer = await readFile(request);
  parentPort!.postMessage(answer, answer.kind === "table" ? answer.table.batches : []);
});
