// The calls every noun of administration has over REST: list, export, read, make, change, delete and restore. Each calls
// the same verb as its tRPC procedure.
import { z } from "zod";
import type { Context } from "../domain/context.ts";
import { exportFormat } from "../domain/list_inputs.ts";
import { allRows, type ListQuery, type Page } from "../domain/lists.ts";
import type { ApiErrorCode } from "../request/error_messages.ts";
import { type Columns, contentTypes, writeSheet } from "../domain/sheets/write.ts";
import { created, type Endpoint, endpoint, type Guard, ok } from "../request/endpoint.ts";

import { documentedForm } from "../request/error_form.ts";
import { bodyOf, queryOf, wire, wireId } from "./wire.ts";

type Shape = z.ZodRawShape;

export interface Noun<
  Row extends object,
  Ask extends Shape = Shape,
  New extends Shape = Shape,
  Changes extends Shape = Shape,
> {
  /** "customers", as in the address; and one of them. */
  many: string;
  one: string;
  tag: string;
  reads: Guard;
  changes: Guard;
  /** How a row is written on the wire. */
  shape: z.ZodType;
  list: { input: z.ZodObject<Ask>; verb(ctx: Context, query: z.infer<z.ZodObject<Ask>>): Promise<Page<Row>> };
  /** The columns of the table it is exported as; without them there is no export. */
  columns?: Columns<Row>;
  get?(ctx: Context, id: number): Promise<object>;
  create?: { input: z.ZodObject<New>; verb(ctx: Context, input: z.infer<z.ZodObject<New>>): Promise<object> };
  edit?: {
    input: z.ZodObject<Changes>;
    verb(ctx: Context, input: { id: number; changes: z.infer<z.ZodObject<Changes>> }): Promise<object>;
  };
  delete?(ctx: Context, id: number): Promise<unknown>;
  restore?(ctx: Context, id: number): Promise<unknown>;
  errors?: ApiErrorCode[];
}

const oneId = z.object({ id: wireId.describe("Its id") });
const done = z.object({
  success: z.boolean().describe("Whether it was done"),
  message: z.string().describe("What happened, for people"),
});

/** The calls of a noun. */
export function nounCalls<Row extends object, Ask extends Shape, New extends Shape, Changes extends Shape>(
  noun: Noun<Row, Ask, New, Changes>,
): Endpoint[] {
  const path = `/api/admin/${noun.many}`;
  const common = { tag: noun.tag, dialect: documentedForm } as const;
  const { many, one, shape, errors = [] } = noun;
  const words = many.replaceAll("-", " ");
  const said = (what: string) => ok({ success: true, message: `The ${one} was ${what}` });
  const calls: Endpoint[] = [
    endpoint({
      ...common,
      method: "get",
      path,
      summary: `List ${words}`,
      guard: noun.reads,
      query: queryOf(noun.list.input),
      answers: { 200: { description: "A page of them", schema: pageOf(shape) } },
      handle: async ({ ctx, query }) => ok(wire(await noun.list.verb(ctx, query as never))),
    }),
  ];
  if (noun.columns) calls.push(exportCall(noun, noun.columns));
  if (noun.get) {
    const { get } = noun;
    calls.push(endpoint({
      ...common,
      method: "get",
      path: `${path}/{id}`,
      summary: `Read one ${one}`,
      guard: noun.reads,
      params: oneId,
      answers: { 200: { description: `The ${one}`, schema: shape } },
      errors: ["NOT_FOUND"],
      handle: async ({ ctx, params }) => ok(wire(await get(ctx, params.id))),
    }));
  }
  if (noun.create) {
    const { input, verb } = noun.create;
    calls.push(endpoint({
      ...common,
      method: "post",
      path,
      summary: `Add a ${one}`,
      guard: noun.changes,
      changes: true,
      body: bodyOf(input),
      answers: { 201: { description: "Added", schema: shape } },
      errors: ["CONFLICT", ...errors],
      handle: async ({ ctx, body }) => created(wire(await verb(ctx, body as never))),
    }));
  }
  if (noun.edit) {
    const { input, verb } = noun.edit;
    calls.push(endpoint({
      ...common,
      method: "patch",
      path: `${path}/{id}`,
      summary: `Change a ${one}`,
      description: "Only the fields sent are changed.",
      guard: noun.changes,
      changes: true,
      params: oneId,
      body: bodyOf(input),
      answers: { 200: { description: "Changed", schema: shape } },
      errors: ["NOT_FOUND", "CONFLICT", ...errors],
      handle: async ({ ctx, params, body }) =>
        ok(wire(await verb(ctx, { id: params.id, changes: body as never }))),
    }));
  }
  if (noun.delete) {
    const remove = noun.delete;
    calls.push(endpoint({
      ...common,
      method: "delete",
      path: `${path}/{id}`,
      summary: `Delete a ${one}`,
      description: noun.restore ? "It can be restored for 30 days." : undefined,
      guard: noun.changes,
      changes: true,
      params: oneId,
      answers: { 200: { description: "Deleted", schema: done } },
      errors: ["NOT_FOUND", "CONFLICT", ...errors],
      async handle({ ctx, params }) {
        await remove(ctx, params.id);
        return said("deleted");
      },
    }));
  }
  if (noun.restore) {
    const { restore } = noun;
    calls.push(endpoint({
      ...common,
      method: "post",
      path: `${path}/{id}/restore`,
      summary: `Restore a ${one}`,
      guard: noun.changes,
      changes: true,
      params: oneId,
      answers: { 200: { description: "Restored", schema: done } },
      errors: ["NOT_FOUND"],
      async handle({ ctx, params }) {
        await restore(ctx, params.id);
        return said("restored");
      },
    }));
  }
  return calls;
}

function exportCall<Row extends object, Ask extends Shape>(
  noun: Pick<Noun<Row, Ask>, "many" | "tag" | "reads" | "list">,
  columns: Columns<Row>,
): Endpoint {
  const { cursor: _, limit: __, ...filters } = noun.list.input.shape as Shape;
  return endpoint({
    method: "get",
    path: `/api/admin/${noun.many}/export`,
    summary: `All ${noun.many.replaceAll("-", " ")} as a table`,
    description:
      "Takes the filters of the list. Cells that a spreadsheet would take for a formula are made harmless.",
    tag: noun.tag,
    dialect: documentedForm,
    guard: noun.reads,
    query: queryOf(z.strictObject({ ...filters, format: exportFormat.optional() })),
    answers: { 200: { description: "The table", type: "text/csv" } },
    handle({ ctx, query }) {
      const { format = "csv", ...filters } = query as { format?: "csv" | "xlsx" };
      const rows = allRows((page) =>
        noun.list.verb(ctx, { sort: "id", ...filters, ...page } as ListQuery as never)
      );
      return {
        status: 200,
        body: writeSheet(format, columns, rows),
        headers: {
          "content-type": contentTypes[format],
          "content-disposition": `attachment; filename="${noun.many}.${format}"`,
        },
      };
    },
  });
}

/** A page of a list on the wire. */
export function pageOf(shape: z.ZodType) {
  return z.object({
    rows: z.array(shape).describe("The rows"),
    next: z.string().nullable().describe("Send it as cursor for the next page; null on the last"),
    total: z.int().describe("Rows in all pages, counted up to 10,000"),
    total_is_more: z.boolean().describe("Whether there are more than total"),
  });
}
