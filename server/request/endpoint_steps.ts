// The steps of a request to an endpoint, from the limits on its address to the answer of its verb. Which of them there are,
// and with what they work, follows from the declaration and is settled when the server starts.
import type { Actor } from "../domain/actor.ts";
import type { Context } from "../domain/context.ts";
import { type MaybePromise, whenKnown } from "../domain/when_known.ts";
import type { Address } from "./app.ts";
import { check, MAX_ANONYMOUS_BYTES, parseJson, readText, requireIdentityEncoding } from "./body.ts";
import { type Answer, type Call, type Dialect, type Endpoint, readsRevision } from "./endpoint.ts";
import { answerOncePerKey } from "./idempotency.ts";
import { namedRevisions, withEntityTag } from "./preconditions.ts";
import type { Limit } from "./rate_limiter.ts";
import { limitSubject, type RequestContext } from "./request_context.ts";
import type { AppServices } from "./services.ts";

type AnyCall = Call<unknown, unknown, unknown>;

/** A request on its way through the steps, which fill it in. */
export class Passage implements AnyCall {
  params: unknown = undefined;
  query: unknown = undefined;
  /** What was sent as the body, before its schema is applied; null until it is read. */
  received: { text: string; value: unknown } | null = null;
  body: unknown = undefined;
  revision: readonly string[] | undefined = undefined;
  ctx!: Context;
  answer!: Answer;

  constructor(readonly request: RequestContext, readonly address: Address) {}
}

/** A step returns a promise only if it has to wait: what is cached or leased is there at once. */
export type Step = (passage: Passage) => void | Promise<void>;

/** Takes steps one after another; those after one that waits are taken when it is done. */
export function takeSteps(steps: readonly Step[], passage: Passage, first = 0): void | Promise<void> {
  for (let index = first; index < steps.length; index++) {
    const waiting = steps[index](passage);
    if (waiting) return waiting.then(() => takeSteps(steps, passage, index + 1));
  }
}

/** The steps of an endpoint. */
export function compileSteps(endpoint: Endpoint, services: AppServices): Step[] {
  const { guard, params, query, body, dialect, method } = endpoint;
  const readsBody = guard.readsBody?.bind(guard);
  const callerLimits = guard.callerLimits ?? [];
  const receive = compileReceive(dialect);
  const steps: Step[] = [];
  if (guard.limits.length > 0) {
    steps.push(({ request }) => consumeAll(request, guard.limits, request.address));
  }
  if (readsBody || method !== "get") steps.push(({ request }) => requireIdentityEncoding(request));
  if (readsBody) {
    steps.push((passage) => {
      if (readsBody(passage.request.raw)) return receive(passage, MAX_ANONYMOUS_BYTES);
    });
  }
  steps.push(({ request, received }) => {
    const identified = guard.identify(request, received?.value);
    if (identified instanceof Promise) return identified.then((actor) => void (request.actor = actor));
    request.actor = identified;
  });
  if (callerLimits.length > 0) {
    steps.push(({ request }) => consumeAll(request, callerLimits, limitSubject(actorOf(request))));
  }
  steps.push(({ request }) => {
    const actor = actorOf(request);
    if (actor.kind === "api_key") services.recordKeyUse(actor.id, request.now);
  });
  if (params) steps.push((passage) => void (passage.params = check(params, passage.address.params())));
  if (query) steps.push((passage) => void (passage.query = check(query, passage.address.query())));
  if (body) {
    steps.push((passage) => {
      if (!passage.received) return receive(passage);
    });
    const findPlain = endpoint.plainBody?.bind(endpoint) ?? (() => null);
    steps.push((passage) => {
      const { value } = passage.received!;
      passage.body = findPlain(value) ?? check(body, value);
    });
  }
  if (readsRevision(endpoint)) {
    steps.push((passage) => void (passage.revision = namedRevisions(passage.request)));
  }
  steps.push(compileOpening(endpoint, services), compileAnswer(endpoint));
  if (endpoint.hasRevision) steps.push((passage) => void (passage.answer = withEntityTag(passage.answer)));
  return steps;
}

/** Counts a request against limits. */
export function consumeAll(
  request: RequestContext,
  limits: readonly Limit[],
  subject: string,
  first = 0,
): void | Promise<void> {
  for (let index = first; index < limits.length; index++) {
    const counted = request.consume(limits[index], subject);
    if (counted) return counted.then(() => consumeAll(request, limits, subject, index + 1));
  }
}

function actorOf({ actor }: RequestContext): Actor {
  return actor!;
}

function compileReceive({ parse }: Dialect): (passage: Passage, maxBytes?: number) => Promise<void> {
  return (passage, maxBytes) => {
    const { request } = passage;
    return readText(request, maxBytes).then((text) => {
      passage.received = { text, value: parse ? parse(text, request.raw) : parseJson(text) };
    });
  };
}

/** Opens the context of the verb. */
function compileOpening({ standsAlone, transfers }: Endpoint, services: AppServices): Step {
  if (standsAlone) {
    return (passage) => {
      const { request } = passage;
      passage.ctx = request.openWithoutDatabase(actorOf(request));
    };
  }
  const open = transfers ? "openTransfer" : "open";
  return (passage) => {
    const { request } = passage;
    const settings = services.settings();
    if (settings instanceof Promise) {
      return settings.then((settings) => void (passage.ctx = request[open](actorOf(request), settings)));
    }
    passage.ctx = request[open](actorOf(request), settings);
  };
}

/** Calls the verb: behind the endpoint's own limits, and once for each `Idempotency-Key`. */
function compileAnswer(endpoint: Endpoint): Step {
  const { limits, changes } = endpoint;
  const handle = limits ? withLimits(endpoint, limits.bind(endpoint)) : endpoint.handle.bind(endpoint);
  return (passage) => {
    const { request, received } = passage;
    const key = changes ? request.header("idempotency-key") : null;
    const answer = key === null ? handle(passage) : answerOncePerKey(
      endpoint,
      passage,
      { key, text: received?.text ?? "" },
      async (ctx) => await handle({ ...callOf(passage), ctx }),
    );
    if (answer instanceof Promise) return answer.then((answer) => void (passage.answer = answer));
    passage.answer = answer;
  };
}

function callOf({ ctx, params, query, body, revision, request }: AnyCall): AnyCall {
  return { ctx, params, query, body, revision, request };
}

/** The endpoint's handler behind its own limits. */
function withLimits(
  endpoint: Endpoint,
  limitsOf: NonNullable<Endpoint["limits"]>,
): (call: AnyCall) => MaybePromise<Answer> {
  const { limited } = endpoint;
  return (call) =>
    whenKnown(
      limitsOf(call),
      (limits) => whenKnown(consumeEach(call, limits, limited), () => endpoint.handle(call)),
    );
}

/** Counts a call against limits on its own subjects. */
function consumeEach(
  call: AnyCall,
  limits: [limit: Limit, subject: string][],
  limited: Endpoint["limited"],
  first = 0,
): void | Promise<void> {
  for (let index = first; index < limits.length; index++) {
    const [limit, subject] = limits[index];
    const refuse = (error: unknown): never => {
      limited?.(call, subject);
      throw error;
    };
    try {
      const counted = call.request.consume(limit, subject);
      if (counted) return counted.then(() => consumeEach(call, limits, limited, index + 1), refuse);
    } catch (error) {
      refuse(error);
    }
  }
}
