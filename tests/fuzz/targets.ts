// What is called: every endpoint and every procedure, each with a way to build requests from its own schemas.
import type { z } from "zod";
import type { Endpoint } from "../../server/request/endpoint.ts";
import { appRouter } from "../../server/trpc/router.ts";
import type { Rule } from "../../server/trpc/trpc.ts";
import { inputSchemaOf } from "../support/sample_input.ts";
import { anyValue, damaged, writeJson, writeText } from "./damage.ts";
import type { Random } from "./random.ts";
import { type Sent, writePairs, writeSegment } from "./request.ts";
import { type Json, type Known, sampleAtRandom } from "./samples.ts";

/** Whose credentials a target takes. */
export type Credential = "administrator" | "api key" | "session" | "cookie" | null;

export interface Target {
  /** "post /api/license/activate", "trpc licenses.issue" */
  name: string;
  kind: "client dialects" | "administration" | "other endpoints" | "procedures";
  credential: Credential;
  takesInput: boolean;
  endpoint?: Endpoint;
  build(random: Random, known: Known): Sent;
}

type Sampler = (random: Random, known: Known) => unknown;

/** Input of a schema, mostly damaged. */
function sampler(schema: z.ZodType): Sampler {
  const json = inputSchemaOf(schema) as Json;
  return (random, known) => {
    let value = sampleAtRandom(json, random, known);
    if (random.chance(0.3)) return value;
    for (let changes = random.pick([1, 1, 1, 2, 3]); changes > 0; changes--) value = damaged(value, random);
    return value;
  };
}

const pairsOf = (value: unknown): [string, string][] =>
  typeof value === "object" && value !== null
    ? Object.entries(value).map(([name, inner]) => [name, writeText(inner)])
    : [["q", writeText(value)]];

/** The targets of REST, pages and files. */
export function endpointTargets(endpoints: Endpoint[]): Target[] {
  return endpoints.map((endpoint) => {
    const { method, path, dialect } = endpoint;
    const query = endpoint.query && sampler(endpoint.query);
    const body = endpoint.body && sampler(endpoint.body);
    const parameters = (endpoint.params && inputSchemaOf(endpoint.params) as Json)?.properties as
      | Record<string, Json>
      | undefined;
    const takesForms = dialect.parse !== undefined;
    return {
      name: `${method} ${path}`,
      kind: /^\/(api\/(license|version|v1|v2)\b|\.well-known)/.test(path) &&
          endpoint.guard.scheme !== "administrator"
        ? "client dialects"
        : endpoint.operationId && endpoint.guard.scheme
        ? "administration"
        : "other endpoints",
      credential: credentialOf(endpoint),
      takesInput: !!(query || body || parameters || endpoint.upload),
      endpoint,
      build(random, known) {
        const written = path.replace(
          /\{(\w+)\}/g,
          (_, name) =>
            writeSegment(
              writeText(sampleAtRandom(parameters?.[name] ?? { type: "string" }, random, known, name)),
              random,
            ),
        );
        const pairs = query
          ? pairsOf(query(random, known))
          : random.chance(0.05)
          ? [["a", "1"] as [string, string]]
          : [];
        const search = writePairs(pairs, random);
        const sent: Sent = {
          method: method.toUpperCase(),
          address: written + (search && `?${search}`),
          headers: {},
          body: null,
        };
        if (method === "get" && body) sent.method = random.pick(["GET", "QUERY"]);
        if (sent.method === "GET") return sent;
        if (endpoint.upload) return { ...sent, ...fileOf(random, known) };
        if (!body) {
          return random.chance(0.9)
            ? sent
            : { ...sent, body: writeJson(anyValue(random)), headers: { "content-type": "application/json" } };
        }
        const value = body(random, known);
        return takesForms && random.chance(0.3)
          ? {
            ...sent,
            body: writePairs(pairsOf(value), random),
            headers: { "content-type": "application/x-www-form-urlencoded" },
          }
          : { ...sent, body: writeJson(value), headers: { "content-type": "application/json" } };
      },
    };
  });
}

function credentialOf({ guard, path }: Endpoint): Credential {
  switch (guard.scheme) {
    case "administrator":
    case "analytics":
      return "administrator";
    case "apiKey":
      return "api key";
    case "session":
      return "session";
    default:
      return path.startsWith("/account") ? "cookie" : null;
  }
}

/** A table, as a form's file or as the body. */
function fileOf(random: Random, known: Known): Pick<Sent, "headers" | "body"> {
  const cell = () =>
    random.chance(0.5)
      ? "Ashford"
      : writeText(damaged(sampleAtRandom({ type: "string" }, random, known), random)).slice(0, 3000);
  const rows = Array.from(
    { length: 1 + random.below(4) },
    () => [cell(), cell(), cell()].join(random.pick([",", ";", "\t"])),
  );
  const content = [
    random.pick([
      "Name,Type,Website",
      "Name,Type,Website",
      "Name",
      "\ufeffName;Email",
      "PK\u0003\u0004",
      "x",
    ]),
    ...rows,
  ].join(random.pick(["\n", "\r\n", "\r"]));
  if (random.chance(0.4)) {
    return {
      headers: { "content-type": random.pick(["text/csv", "application/octet-stream", "application/zip"]) },
      body: content,
    };
  }
  const field = random.chance(0.3)
    ? `--b\r\ncontent-disposition: form-data; name="mapping"\r\n\r\n${writeJson(anyValue(random))}\r\n`
    : "";
  const body = `${field}--b\r\ncontent-disposition: form-data; name="file"; filename="${
    random.pick(["a.csv", "a.xlsx", "\u202e", ""])
  }"\r\n\r\n${content}\r\n--b--\r\n`;
  return { headers: { "content-type": "multipart/form-data; boundary=b" }, body };
}

interface Procedure {
  _def: { type: "query" | "mutation" | "subscription"; meta?: { rule: Rule }; inputs: z.ZodType[] };
}

/** The targets of tRPC: each procedure alone and in batches with others. */
export function procedureTargets(): Target[] {
  const procedures = Object.entries(appRouter._def.procedures as unknown as Record<string, Procedure>)
    .map(([name, { _def: { type, meta, inputs } }]) => {
      const samplers = inputs.map(sampler);
      const input: Sampler = (random, known) => {
        const parts = samplers.map((sample) => sample(random, known));
        return parts.length <= 1
          ? parts[0]
          : parts.every((part) => typeof part === "object")
          ? Object.assign({}, ...parts)
          : parts[0];
      };
      return { name, type, meta, input, takesInput: inputs.length > 0 };
    });
  return procedures.map(({ name, type, meta, input, takesInput }) => ({
    name: `trpc ${name}`,
    kind: "procedures",
    credential: meta?.rule === "anyone" ? null : "administrator",
    takesInput,
    build(random, known): Sent {
      const method = type === "mutation" ? "POST" : "GET";
      const others = random.chance(0.1) && type !== "subscription"
        ? [random.pick(procedures), random.pick(procedures)].filter((other) => other.type === type)
        : [];
      const isBatch = others.length > 0 || random.chance(0.03);
      const inputs = [input, ...others.map(({ input }) => input)].map((input) => input(random, known));
      const names = [name, ...others.map(({ name }) => name)].join(",");
      const content = writeJson(
        isBatch ? Object.fromEntries(inputs.map((input, index) => [index, input])) : inputs[0],
      );
      const inUrl = method === "GET" || random.chance(0.05);
      const search = [
        ...(isBatch ? ["batch=1"] : []),
        ...(inUrl && (content !== "" || isBatch) ? [writePairs([["input", content]], random)] : []),
      ].join("&");
      return {
        method,
        address: `/trpc/${names}${search && `?${search}`}`,
        headers: inUrl ? {} : { "content-type": "application/json" },
        // Clients that call one procedure without input send `null` or nothing, which is no JSON.
        body: inUrl ? null : content === "" && random.chance(0.7) ? "null" : content,
      };
    },
  }));
}
