// The transcripts of the vectors, played to a library: each step with the requests that it makes and the state after it.
import { isDeepStrictEqual } from "node:util";
import { readVectors, type Vector } from "../../support/vectors.ts";
import { type Handler, lost, write, writeJson } from "./between.ts";
import type { Client, Trial } from "./trial.ts";

interface Exchange {
  path: string;
  sends?: Record<string, unknown>;
  status: number;
  body?: unknown;
}

/** What `with` is called in a call. */
const argumentOf: Record<string, string> = {
  activate: "license_key",
  install_file: "file",
  install_status_list: "list",
};

/** All transcripts, each with its own cache file. */
export async function playTranscripts(trial: Trial): Promise<void> {
  for (const [index, transcript] of readVectors("transcripts").entries()) {
    await play(trial, transcript, await trial.path(`transcript-${index}/license.json`));
  }
}

async function play(trial: Trial, { name, given }: Vector, file: string): Promise<void> {
  trial.step(name);
  const client = await trial.open({
    ...given.app,
    api_key: "key",
    public_keys: given.keys,
    ...given.device,
    file,
    fresh_for: given.fresh_for,
    offline_grace: given.offline_grace,
    attempts: 1,
    random: "ones",
    now: given.steps[0].at,
  });
  for (const [index, step] of given.steps.entries()) {
    trial.step(`${name}, step ${index + 1}, ${step.do}`);
    const problems: string[] = [];
    const exchanges: Exchange[] = [...step.exchanges];
    trial.between.begin(answerWith(exchanges, problems));
    const found = await take(client, step);
    trial.equal("state", found, step.expect);
    for (const problem of problems) trial.check("request", false, problem, "those of the transcript");
    trial.check("requests", exchanges.length === 0, exchanges.map(({ path }) => path), "no more requests");
  }
}

// deno-lint-ignore no-explicit-any
async function take(client: Client, step: any): Promise<{ state: string; error?: string }> {
  if (step.do === "restart") await client.restart({ now: step.at });
  else await client.call("clock", { now: step.at });
  const name = step.do === "restart" ? "status" : step.do;
  const members = step.with === undefined ? {} : { [argumentOf[name]]: step.with };
  const answer = await client.call(name, members);
  const found = answer.error ?? (step.exchanges.length > 0 ? answer.status?.error : null);
  const status = answer.status ?? (await client.call("status")).status;
  return { state: status?.state, ...found ? { error: found.code } : {} };
}

function answerWith(exchanges: Exchange[], problems: string[]): Handler {
  return (sent, response) => {
    const exchange = exchanges.shift();
    if (!exchange || exchange.path !== sent.path) {
      problems.push(`${sent.path} in place of ${exchange?.path ?? "nothing"}`);
      return write(response, { status: 500, text: "{}" });
    }
    for (const [name, value] of Object.entries(exchange.sends ?? {})) {
      if (!isDeepStrictEqual(sent.body?.[name], value)) {
        problems.push(`${sent.path} with ${name} ${JSON.stringify(sent.body?.[name])}`);
      }
    }
    if (exchange.status === 0) return lost(sent, response);
    writeJson(response, exchange.body, exchange.status);
  };
}
