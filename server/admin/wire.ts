// How administration writes the domain's things: the same names in snake_case, instants as "2025-06-19T10:30:00Z". The
// schemas of what may be sent are turned round the same way, so that they are said once.
import { z } from "zod";
import { wireTime } from "../request/wire_time.ts";

const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const camel = (name: string) => name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());

/** A value of the domain as it goes out. What an event says of before and after goes the same way. */
export function wire(value: unknown): unknown {
  if (value instanceof Date) return wireTime(value);
  if (Array.isArray(value)) return value.map(wire);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [snake(name), wire(inner)]));
}

/** A body under the names of the wire; unknown fields are refused. */
export function bodyOf<Shape extends z.ZodRawShape>(schema: z.ZodObject<Shape>) {
  const shape = Object.fromEntries(Object.entries(schema.shape).map(([name, field]) => [snake(name), field]));
  return z.strictObject(shape).transform((value) => named(value) as z.infer<z.ZodObject<Shape>>);
}

/** A query string under the names of the wire: numbers, truths and lists are read from their text. */
export function queryOf<Shape extends z.ZodRawShape>(schema: z.ZodObject<Shape>) {
  const shape = Object.fromEntries(
    Object.entries(schema.shape).map(([name, field]) => {
      const given = z.preprocess(readerOf(field as z.ZodType), field as z.ZodType);
      const read = (field as z.ZodType).safeParse(undefined).success ? given.optional() : given;
      const { description } = field as z.ZodType;
      return [snake(name), description ? read.describe(description) : read];
    }),
  );
  return z.strictObject(shape).transform((value) => named(value) as z.infer<z.ZodObject<Shape>>);
}

function named(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) => inner === undefined ? [] : [[camel(name), inner]]),
  );
}

function readerOf(field: z.ZodType): (text: unknown) => unknown {
  const inner = field instanceof z.ZodOptional || field instanceof z.ZodNullable
    ? field.unwrap() as z.ZodType
    : field;
  if (inner !== field) return readerOf(inner);
  if (inner instanceof z.ZodNumber) return (text) => /^-?\d+$/.test(String(text)) ? Number(text) : text;
  if (inner instanceof z.ZodBoolean) {
    return (text) => text === "true" || text === "1" ? true : text === "false" || text === "0" ? false : text;
  }
  if (inner instanceof z.ZodArray) return (text) => typeof text === "string" ? text.split(",") : text;
  return (text) => text;
}

/** A number in a path or query. */
export const wireId = z.string().regex(/^[1-9]\d{0,15}$/, "must be a whole number").transform(Number)
  .refine(Number.isSafeInteger, "is too large");
