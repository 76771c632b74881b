// Valid-looking input for a schema, at random: what exists where a field's name says what it holds, otherwise what its
// JSON Schema allows.
import type { Random } from "./random.ts";

export type Json = Record<string, unknown>;

/** Values that exist, by the name of the field in snake_case. */
export type Known = (name: string, random: Random) => unknown;

const words = [
  "sample",
  "ACME Corp",
  "Zoë",
  "pattern_upload",
  "a",
  "x".repeat(63),
  "日本語",
  "O'Brien; --",
  "💥 💥",
];

/** Texts for patterns. */
const texts = [
  ...words,
  "1",
  "1,2,3",
  "act_1",
  "someone@example.com",
  "P1M",
  "P14D",
  "1.2.3",
  "2.0.0-beta.1",
  "ABCD-EFGH-JKMN-PQRS",
  "a".repeat(64),
  "upload-bridge",
  "{token}",
  "myapp://sign-in?token={token}",
  "123456",
];

const formats: Record<string, string[]> = {
  date: ["2026-01-31", "2024-02-29", "1999-12-31", "9999-12-31", "1900-01-01"],
  "date-time": ["2026-01-31T10:00:00Z", "2026-01-31T10:00:00.123456+05:30", "9999-12-31T23:59:59Z"],
  email: ["someone@example.com", "user1@example.com", "a+b@sub.example.org"],
  uri: ["https://example.com/hook", "http://203.0.113.7:8080/a?b=c"],
  uuid: ["2f4c8f0e-6a43-4a55-9d0c-0d6c3f3f9b11", "00000000-0000-0000-0000-000000000000"],
};

/** A value that the schema probably accepts. */
export function sampleAtRandom(
  schema: Json,
  random: Random,
  known: Known,
  name = "",
  root = schema,
): unknown {
  const existing = known(snakeCase(name), random);
  if (existing !== undefined && random.chance(0.85)) return existing;
  if (Array.isArray(schema.examples) && random.chance(0.3)) {
    return structuredClone(random.pick(schema.examples));
  }
  if ("const" in schema) return schema.const;
  if (Array.isArray(schema.enum)) return random.pick(schema.enum);
  const inner = (schema: Json) => sampleAtRandom(schema, random, known, name, root);
  if (typeof schema.$ref === "string") {
    return inner(((root.$defs ?? {}) as Record<string, Json>)[schema.$ref.replace("#/$defs/", "")]);
  }
  const options = (schema.anyOf ?? schema.oneOf ?? schema.allOf) as Json[] | undefined;
  if (options) return inner(random.pick(options));
  const type = Array.isArray(schema.type) ? random.pick(schema.type) : schema.type;
  switch (type) {
    case "object":
      return sampleObject(schema, random, known, root);
    case "array":
      return Array.from(
        { length: Number(schema.minItems ?? 0) + random.below(3) },
        () => inner((schema.items ?? {}) as Json),
      );
    case "string":
      return sampleText(schema, random);
    case "integer":
    case "number":
      return sampleNumber(schema, random);
    case "boolean":
      return random.chance(0.5);
    case "null":
      return null;
    default:
      return random.pick<unknown>(["sample", 1, true, null, { a: [1] }]);
  }
}

function sampleObject(schema: Json, random: Random, known: Known, root: Json): Json {
  const required = new Set((schema.required ?? []) as string[]);
  // Of thirty fields, any few are likely to exclude each other, so that some inputs have only what is required.
  const share = random.pick([0, 0.4, 0.4, 0.8]);
  const properties = Object.entries((schema.properties ?? {}) as Record<string, Json>)
    .filter(([name]) => required.has(name) || random.chance(share));
  const values = properties.map(([name, field]) => [name, sampleAtRandom(field, random, known, name, root)]);
  const others = schema.additionalProperties;
  if (typeof others === "object" && others !== null) {
    for (let i = random.below(3); i > 0; i--) {
      values.push([random.pick(words), sampleAtRandom(others as Json, random, known, "", root)]);
    }
  }
  return Object.fromEntries(values);
}

function sampleNumber(
  { minimum = 0, maximum = 1e6 }: { minimum?: number; maximum?: number },
  random: Random,
) {
  return random.pick([minimum, maximum, Math.min(maximum, minimum + 1), minimum + random.below(30)]);
}

function sampleText({ format, pattern, minLength = 0, maxLength = 1000 }: Json, random: Random): string {
  const ofFormat = formats[String(format)];
  if (ofFormat) return random.pick(ofFormat);
  const fitted = (text: string) => text.padEnd(Number(minLength), "x").slice(0, Number(maxLength));
  if (random.chance(0.05)) return "x".repeat(Math.min(Number(maxLength), 5000));
  if (typeof pattern !== "string") return fitted(random.pick(words));
  const matches = new RegExp(pattern, "u");
  const found = texts.map(fitted).filter((text) => matches.test(text));
  return found.length > 0 ? random.pick(found) : fitted(random.pick(texts));
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
