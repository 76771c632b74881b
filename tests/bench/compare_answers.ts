// A sample of answers, given while the server is under load, compared with what the database says.
import { inflateSync } from "node:zlib";
import type { Database } from "../../db/connect.ts";
import { tokenHash } from "../../server/domain/random_token.ts";
import type { LoadRequest } from "./load_generator.ts";

/** An answer of the server. */
interface Answer {
  request: Record<string, string>;
  status: number;
  // deno-lint-ignore no-explicit-any
  body: any;
}

type Comparison = (db: Database, answer: Answer) => Promise<string | null>;

/** The expected outcome of a validation, by another statement than the server's. */
async function expectedCode(db: Database, key: string, hardwareId: string) {
  const [row] = await db<{ code: string; validUntil: string | null; maxUsers: number }[]>`
    select
      case
        when not l.is_active then 'LICENSE_INACTIVE'
        when l.valid_from > (now() at time zone 'UTC')::date then 'LICENSE_NOT_YET_VALID'
        when l.valid_until < (now() at time zone 'UTC')::date then 'LICENSE_EXPIRED'
        when a.id is null then 'NOT_ACTIVATED'
        when not a.is_active then 'ACTIVATION_INACTIVE'
        else 'VALID'
      end as code,
      l.valid_until, l.max_users
    from licenses l
    left join activations a on a.license_id = l.id and a.hardware_id = ${hardwareId}
    where l.key = ${key}`;
  return row;
}

const compareValidation: Comparison = async (db, { request, status, body }) => {
  const expected = await expectedCode(db, request.license_key, request.hardware_hash ?? request.hardware_id);
  const isRight = status === 200 && body.code === expected.code &&
    body.valid === (expected.code === "VALID") &&
    (body.license === undefined || body.license.valid_until === expected.validUntil);
  return isRight ? null : `${expected.code} in the database`;
};

/** The row of a machine has a state. */
function compareMachine(statuses: number[], isActive: boolean): Comparison {
  return async (db, { request, status }) => {
    const [row] = await db<{ isActive: boolean }[]>`
      select a.is_active
      from activations a
      join licenses l on l.id = a.license_id
      where l.key = ${request.license_key} and a.hardware_id = ${request.hardware_hash}`;
    return statuses.includes(status) && row?.isActive === isActive
      ? null
      : `is_active ${row?.isActive} in the database`;
  };
}

const compareSession: Comparison = async (db, { status, body }) => {
  const [row] = await db`
    select id
    from sessions
    where token_hash = ${tokenHash(body.session_token ?? "")} and replaced_at is null and revoked_at is null`;
  return status === 200 && row ? null : "no such session in the database";
};

const comparisons: Record<string, Comparison> = {
  "verify": compareValidation,
  async "verify with a nonce"(db, answer) {
    const { license_key: key, nonce } = answer.request;
    const claims = payloadOf(answer.body.signature ?? "");
    const [{ id }] = await db`
      select id
      from licenses
      where key = ${key}`;
    const isSigned = claims?.nonce === nonce && claims.license === id && claims.code === answer.body.code &&
      claims.valid === answer.body.valid;
    return isSigned ? await compareValidation(db, answer) : "a license to sign in the database";
  },
  async "verify with meters"(db, answer) {
    if (answer.body.usage?.exports?.limit !== 1000) return "a meter in the database";
    return await compareValidation(db, answer);
  },
  "v1 validate": compareValidation,
  "heartbeat": compareValidation,
  "activate": compareMachine([200, 201], true),
  "deactivate": compareMachine([200], false),
  async "info"(db, { status, body }) {
    const rows = await db<{ id: number; isActive: boolean; maxActivations: number }[]>`
      select a.id, a.is_active, l.max_activations
      from licenses l
      join activations a on a.license_id = l.id
      where l.key = ${body.license?.key ?? ""}`;
    const states = (list: { id: number; active: boolean }[]) =>
      JSON.stringify(list.toSorted((a, b) => a.id - b.id).map(({ id, active }) => [id, active]));
    const isRight = status === 200 && body.license.max_activations === rows[0]?.maxActivations &&
      states(rows.map(({ id, isActive }) => ({ id, active: isActive }))) ===
        // deno-lint-ignore no-explicit-any
        states(body.activations.map((each: any) => ({ id: each.id, active: each.is_active })));
    return isRight ? null : `${rows.length} machines in the database`;
  },
  async "license-status"(db, { status, body }) {
    const [{ revoked }] = await db<{ revoked: number }[]>`
      select count(*) as revoked
      from license_statuses
      where revoked_at is not null`;
    if (status !== 200) return "a list in the database";
    const { lst } = payloadOf(body).status_list;
    const bytes: Uint8Array = inflateSync(Uint8Array.fromBase64(lst, { alphabet: "base64url" }));
    const bits = bytes.reduce((sum, byte) => sum + byte.toString(2).replaceAll("0", "").length, 0);
    return bits === revoked ? null : `${revoked} revoked in the database, ${bits} in the list`;
  },
  "v2 login": compareSession,
  "v2 refresh": compareSession,
  async "v2 license/info"(db, { status, body }) {
    const [row] = await db<{ maxActivations: number; activationsInUse: number }[]>`
      select max_activations, activations_in_use
      from licenses
      where id = ${Number(body.entitlement?.id ?? 0)} and is_active and deleted_at is null`;
    const isRight = status === 200 && body.entitlement.max_devices === row?.maxActivations;
    return isRight ? null : `${row?.maxActivations} machines allowed in the database`;
  },
  "v2 license/validate": (_, { status, body }) =>
    Promise.resolve(status === 200 && body.valid === true ? null : "the token was issued by this server"),
};

/** The claims of a JWS, which is not verified. */
// deno-lint-ignore no-explicit-any
function payloadOf(jws: string): any {
  const [, payload] = jws.split(".");
  return payload === undefined
    ? null
    : JSON.parse(new TextDecoder().decode(Uint8Array.fromBase64(payload, { alphabet: "base64url" })));
}

/**
 * Sends requests one after the other and compares each answer.
 *
 * @returns the first answers that differ
 */
export async function compareAnswers(
  db: Database,
  subject: { name: string; method?: string; url: string; headers: Record<string, string> },
  requests: LoadRequest[],
): Promise<string[]> {
  const problems: string[] = [];
  for (const { path, body, token } of requests) {
    const response = await fetch(path ? new URL(path, subject.url) : subject.url, {
      method: subject.method ?? "POST",
      headers: {
        ...subject.headers,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(token ? { authorization: `Bearer ${token}` } : {}),
      },
      body,
    });
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.startsWith("application/json");
    const answer = {
      request: JSON.parse(body ?? "{}"),
      status: response.status,
      body: isJson ? JSON.parse(text) : text,
    };
    const problem = await comparisons[subject.name](db, answer);
    if (problem) {
      problems.push(
        `${subject.name} ${body ?? path ?? ""}: ${response.status} ${text.slice(0, 300)}; ${problem}`,
      );
    }
  }
  return problems;
}
