// Sends damaged requests to every target and collects what must not happen: a 5xx, an answer that never ends or has no
// error form, a fault in the log, an unhandled rejection.
import { documentedForm } from "../../server/request/error_form.ts";
import { uploadBridgeForm } from "../../server/dialects/upload_bridge/form.ts";
import { REPORT_EVERY } from "./progress.ts";
import { createRandom, type Random } from "./random.ts";
import { damagedRequest, describeRequest, type Sent } from "./request.ts";
import { endpointTargets, procedureTargets, type Target } from "./targets.ts";
import { createWorld, type World } from "./world.ts";

export interface FuzzOptions {
  /** Requests for each target; a tenth of them for those that take no input. */
  cases: number;
  /** Requests for a target of which none has got past guards and schemas; `cases` by default. */
  casesUntilReached?: number;
  seed: string;
  /** A part of the target's name; all by default. */
  only?: string;
  /** Which of how many equal shares of the targets, from 1; all by default. */
  share?: number;
  shares?: number;
}

export interface Fault {
  target: string;
  case: number;
  what: string;
  request: string;
}

export interface TargetResult {
  target: Target;
  sent: number;
  /** From its first request to its last one's answer; seconds. */
  seconds: number;
  /** Answers by status. */
  statuses: Map<number, number>;
  faults: Fault[];
}

/** Longer than any answer takes, even on a busy machine; milliseconds. */
const TIME_OUT = 60_000;
/** Requests of a target without an answer, after which it gets no more: each takes as long as the time-out. */
const MAX_UNANSWERED = 3;
/** Frames of the stacks of errors, most of which are refusals: they take a tenth of the time. */
const STACK = 4;
const NOT_ANSWERED = "not answered";
/** Targets that are called at the same time. */
const CONCURRENT = 8;
const REPAIR_EVERY = 1000;
const errorForms = [documentedForm.errorSchema, uploadBridgeForm.errorSchema];

/** Gets told how a fuzz goes on. */
export interface Progress {
  /** A target begins, or has been sent so many requests. */
  sent?(target: Target, count: number): void;
  ended?(result: TargetResult): void;
}

/**
 * Runs the fuzz over all targets.
 *
 * @throws Error that names the target, when what is done between its requests hangs
 */
export async function runFuzz(options: FuzzOptions, progress: Progress = {}) {
  const rejections: string[] = [];
  const onRejection = (event: PromiseRejectionEvent) => {
    event.preventDefault();
    rejections.push(String(event.reason?.stack ?? event.reason));
  };
  const onError = (event: ErrorEvent) => {
    event.preventDefault();
    rejections.push(String(event.error?.stack ?? event.message));
  };
  globalThis.addEventListener("unhandledrejection", onRejection);
  globalThis.addEventListener("error", onError);
  Error.stackTraceLimit = STACK;
  try {
    const world = await createWorld();
    const targets = [...endpointTargets(world.endpoints), ...procedureTargets()]
      .filter(({ name }) => name.includes(options.only ?? ""))
      .filter((_, index) => index % (options.shares ?? 1) === (options.share ?? 1) - 1)
      // Exports first: each writes all rows, and the others create thousands.
      .sort((a, b) => Number(b.name.includes("export")) - Number(a.name.includes("export")));

    const results: TargetResult[] = [];
    const waiting = [...targets];
    const state: State = { world, sent: 0, requests: new Map(), readLog: 0, logged: [] };
    await Promise.all(Array.from({ length: CONCURRENT }, async () => {
      for (let target = waiting.shift(); target; target = waiting.shift()) {
        const result = await fuzzTarget(state, target, options, progress);
        results.push(result);
        progress.ended?.(result);
      }
    }));
    await inTime("the last repair of the data", world.repair());
    state.logged.push(...faultsOfLog(state));
    await inTime("stopping the server", world.server.stop());
    return { results, faults: [...results.flatMap(({ faults }) => faults), ...state.logged], rejections };
  } finally {
    // An error of this run itself would be taken for one of the server's, and end nothing.
    globalThis.removeEventListener("unhandledrejection", onRejection);
    globalThis.removeEventListener("error", onError);
  }
}

interface State {
  world: World;
  sent: number;
  /** Requests by their id, for the faults of the log. */
  requests: Map<string, { target: string; case: number; sent: Sent }>;
  /** How much of the log was read, and the faults found in it. */
  readLog: number;
  logged: Fault[];
}

async function fuzzTarget(
  state: State,
  target: Target,
  { cases, casesUntilReached = cases, seed }: FuzzOptions,
  progress: Progress,
): Promise<TargetResult> {
  const random = createRandom(`${seed} ${target.name}`);
  const result: TargetResult = { target, sent: 0, seconds: 0, statuses: new Map(), faults: [] };
  const began = performance.now();
  const size = target.takesInput ? 1 : 10;
  const isMissing = (number: number) =>
    number < Math.ceil(cases / size) ||
    number < Math.ceil(casesUntilReached / size) && !isReached(result);
  let unanswered = 0;
  for (let number = 0; isMissing(number) && unanswered < MAX_UNANSWERED; number++) {
    if (number % REPORT_EVERY === 0) progress.sent?.(target, number);
    const sent = await inTime(
      `request ${number} to ${target.name}: its credentials`,
      buildRequest(state, target, random),
    );
    const id = `fuzz-${state.sent++}`;
    state.requests.set(id, { target: target.name, case: number, sent });
    const { status, fault } = await send(state.world, target, id, sent);
    if (fault === NOT_ANSWERED) unanswered++;
    result.sent++;
    result.statuses.set(status, (result.statuses.get(status) ?? 0) + 1);
    if (fault) {
      result.faults.push({ target: target.name, case: number, what: fault, request: describeRequest(sent) });
    }
    if (state.sent % REPAIR_EVERY === 0) {
      await inTime(`the repair after request ${number} to ${target.name}`, state.world.repair());
    }
    state.logged.push(...faultsOfLog(state));
    state.requests.delete(`fuzz-${state.sent - 5000}`);
  }
  result.seconds = (performance.now() - began) / 1000;
  return result;
}

/** Tells whether a request got past guards and schemas. Others show nothing of the verbs. */
export function isReached({ statuses }: TargetResult): boolean {
  return [...statuses.keys()].some((status) =>
    status >= 200 && status < 400 || status === 404 || status === 409
  );
}

/** Waits for what is no answer of a target. @throws Error */
async function inTime<T>(what: string, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} did not end within ${TIME_OUT / 1000} s.`)), TIME_OUT);
  });
  return await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

async function buildRequest({ world }: State, target: Target, random: Random): Promise<Sent> {
  const sent = target.build(random, world.known);
  const isStrange = random.chance(0.05);
  const credential = isStrange ? world.strangeHeaders(random) : await world.headersFor(target.credential);
  const whole = { ...sent, headers: { ...credential, ...sent.headers } };
  return random.chance(0.12) ? damagedRequest(whole, random) : whole;
}

/** Sends a request and checks its answer; status 0 when there was none. */
async function send(
  world: World,
  target: Target,
  id: string,
  sent: Sent,
): Promise<{ status: number; fault: string | null }> {
  let request: Request;
  try {
    request = new Request(`http://localhost${sent.address}`, {
      method: sent.method,
      headers: { "x-request-id": id, ...sent.headers },
      body: sent.method === "GET" || sent.method === "HEAD" ? null : sent.body,
    });
  } catch {
    // No client can write it and no listener pass it on.
    return { status: 0, fault: null };
  }
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<"late">((resolve) => timer = setTimeout(resolve, TIME_OUT, "late"));
  try {
    const answer = await Promise.race([read(world, request), late]);
    if (answer === "late") return { status: 0, fault: NOT_ANSWERED };
    const { status, text } = answer;
    if (status === 401 || status === 403 || status === 303) world.renew(target.credential);
    else if (status < 300) world.learn(text);
    return { status, fault: faultOf(target, answer) };
  } catch (error) {
    return { status: 0, fault: `the answer broke off: ${error instanceof Error ? error.stack : error}` };
  } finally {
    clearTimeout(timer);
  }
}

interface Read {
  status: number;
  isJson: boolean;
  text: string;
}

async function read({ app }: World, request: Request): Promise<Read> {
  const response = await app.fetch(request, { peer: "127.0.0.1" });
  const type = response.headers.get("content-type") ?? "";
  const { status } = response;
  if (!type.startsWith("text/event-stream")) {
    return { status, isJson: /^application\/json *(;|$)/.test(type), text: await response.text() };
  }
  // Streams do not end by themselves.
  await response.body?.cancel();
  return { status, isJson: false, text: "" };
}

function faultOf({ name, endpoint }: Target, { status, isJson: isDocument, text }: Read): string | null {
  // Only readiness declares one.
  if (status >= 500 && !endpoint?.answers[status]) return `${status} ${text.slice(0, 500)}`;
  if (!isDocument || text === "") return null;
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    // tRPC writes one value a line for clients that ask for it, under the same media type.
    if (name.startsWith("trpc ") && text.trim().split("\n").every(isJson)) return null;
    return `${status} with a body that is no JSON: ${text.slice(0, 200)}`;
  }
  if (status < 400 && status !== 207) return null;
  if (name.startsWith("trpc ")) return faultOfProcedures(status, body);
  const schemas = [endpoint!.answers[status]?.schema, endpoint!.dialect.errorSchema, ...errorForms];
  return schemas.some((schema) => schema?.safeParse(body).success)
    ? null
    : `${status} without an error form: ${text.slice(0, 500)}`;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return text === "";
  }
}

function faultOfProcedures(status: number, body: unknown): string | null {
  for (const entry of Array.isArray(body) ? body : [body]) {
    if (!entry || typeof entry !== "object" || !("error" in entry)) {
      if (status === 207) continue;
      return `${status} without an error form: ${JSON.stringify(body).slice(0, 500)}`;
    }
    const { data } = entry.error as { data?: { code?: unknown; httpStatus?: unknown } };
    const isDocumented = typeof data?.code === "string" && typeof data.httpStatus === "number";
    // Addresses outside the procedures are answered in the documented form.
    if (!isDocumented && !documentedForm.errorSchema.safeParse(entry).success) {
      return `${status} without an error form: ${JSON.stringify(entry).slice(0, 500)}`;
    }
    if (Number(data?.httpStatus) >= 500) return `${status} ${JSON.stringify(entry).slice(0, 500)}`;
  }
  return null;
}

/** Faults that the server logged since the last call, with the requests that caused them. */
function faultsOfLog(state: State): Fault[] {
  const logged = state.world.server.logged();
  if (logged.length === state.readLog) return [];
  const lines = logged.slice(state.readLog).split("\n").filter((line) => line.includes('"level":"error"'));
  state.readLog = logged.length;
  return lines.map((line) => {
    const { request_id, time: _, level: __, ...entry } = JSON.parse(line) as Record<string, unknown>;
    const known = state.requests.get(String(request_id));
    return {
      target: known?.target ?? String(entry.route ?? "?"),
      case: known?.case ?? -1,
      what: `logged: ${JSON.stringify(entry).slice(0, 1500)}`,
      request: known ? describeRequest(known.sent) : "",
    };
  });
}
