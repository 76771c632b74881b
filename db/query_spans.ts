// A span for every statement that is sent while a span is active. It has the statement without its values.
import { activeSpan, errorType, isTracing, SpanKind, startSpan } from "./tracing.ts";

/** The part of the driver's query that is intercepted. */
interface Query {
  strings: readonly string[];
  handler(query: Query): void;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

/** The longest text of a statement that is recorded. */
const MAX_TEXT = 1000;

/** Wraps a pool or a transaction so that its statements have spans; while traces are off it is returned as it is. */
export function traceQueries<Sql extends object>(sql: Sql): Sql {
  if (!isTracing) return sql;
  return new Proxy(sql, {
    apply: (target, self, args) => intercept(Reflect.apply(target as unknown as () => unknown, self, args)),
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (name !== "unsafe" || typeof value !== "function") return value;
      return (...args: unknown[]) => intercept(value(...args));
    },
  });
}

function intercept(result: unknown): unknown {
  if (!isQuery(result)) return result;
  const { handler } = result;
  // A part of another statement is never handed to the handler.
  result.handler = (query) => {
    const span = activeSpan()?.isSampled ? startSpan(...describe(query.strings)) : null;
    if (span) {
      const { resolve, reject } = query;
      query.resolve = (value) => (span.end(), resolve(value));
      query.reject = (error) => (span.fail(errorType(error)), span.end(), reject(error));
    }
    handler(query);
  };
  return result;
}

type Description = Parameters<typeof startSpan>;

const descriptions = new WeakMap<readonly string[], Description>();

/** Name and attributes of a statement's span, by the semantic conventions for databases. */
function describe(strings: readonly string[]): Description {
  let description = descriptions.get(strings);
  if (!description) {
    const text = strings.join("?").replace(/\s+/g, " ").trim();
    const { operation, table } = summarise(text);
    const summary = table ? `${operation} ${table}` : operation;
    description = [summary, {
      kind: SpanKind.CLIENT,
      attributes: {
        "db.system.name": "postgresql",
        "db.operation.name": operation,
        "db.query.summary": summary,
        // One that consists of a single text may have values in it.
        ...(strings.length > 1 ? { "db.query.text": text.slice(0, MAX_TEXT) } : {}),
        ...(table ? { "db.collection.name": table } : {}),
      },
    }];
    descriptions.set(strings, description);
  }
  return description;
}

/** What a statement does to which table: the first change in it, else what it reads. */
export function summarise(text: string): { operation: string; table?: string } {
  const [, change, changed] =
    /\b(insert|delete|(?<!\b(?:do|for|key) )update)\b(?: into| from)? ([a-z_]+)/.exec(text) ?? [];
  if (change) return { operation: change, table: changed };
  const [, read] = /\bfrom ([a-z_]+)/.exec(text) ?? [];
  if (read) return { operation: "select", table: read };
  return { operation: /^[a-z]+/.exec(text)?.[0] ?? "statement" };
}

function isQuery(value: unknown): value is Query {
  return typeof value === "object" && value !== null && "handler" in value && "reject" in value;
}
