// The endpoints that each resource of administration has: list, export, get, create, update, delete and restore. Each
// calls the same verb as its tRPC procedure.
import { z } from "zod";
import type { Context } from "../domain/context.ts";
import { exportFormat } from "../domain/list_inputs.ts";
import { allRows, type ListQuery, type Page } from "../domain/lists.ts";
import type { Columns } from "../domain/sheets/cells.ts";
import type { Update } from "../domain/entity.ts";
import type { SeenRevision, WithRevision } from "../domain/revision.ts";
import { contentTypes, writeSheet } from "../domain/sheets/write.ts";
import { created, type Endpoint, endpoint, type Guard, ok } from "../request/endpoint.ts";
import { documentedForm } from "../request/error_form.ts";
import type { ApiErrorCode } from "../request/error_messages.ts";
import { done, oneId, pageOf, succeeded } from "./schemas.ts";
import { bodyOf, queryOf, type Unwired, wire } from "./wire.ts";

type Shape = z.ZodRawShape;
type Input<Fields extends Shape> = z.infer<z.ZodObject<Fields>>;

export interface Resource<
  Body,
  Row extends Unwired<Body> & object,
  Query extends Shape,
  New extends Shape,
  Changes extends Shape,
> {
  /** Of one: "ApiKey" in operation ids, "API key" in sentences. */
  name: { entity: string; label: string };
  path: string;
  tag: string;
  reads: Guard;
  writes: Guard;
  schema: z.ZodType<Body>;
  list: { input: z.ZodObject<Query>; verb(ctx: Context, query: Input<Query>): Promise<Page<Row>> };
  /** The columns of its export; without them there is none. */
  columns?: Columns<Row>;
  get?(ctx: Context, id: number): Promise<Unwired<Body>>;
  create?: { input: z.ZodObject<New>; verb(ctx: Context, input: Input<New>): Promise<Unwired<Body>> };
  update?: {
    input: z.ZodObject<Changes>;
    verb(ctx: Context, input: Update<Input<Changes>>): Promise<Unwired<Body> & WithRevision>;
  };
  delete?(ctx: Context, id: number, revision?: SeenRevision): Promise<unknown>;
  /** What deleting is called. */
  deletion?: "delete" | "revoke" | "cancel";
  restore?(ctx: Context, id: number): Promise<unknown>;
  errors?: ApiErrorCode[];
}

const pastOf = { delete: "deleted", revoke: "revoked", cancel: "cancelled" };

/** The endpoints of a resource. */
export function resourceEndpoints<
  Body,
  Row extends Unwired<Body> & object,
  Query extends Shape,
  New extends Shape,
  Changes extends Shape,
>(resource: Resource<Body, Row, Query, New, Changes>): Endpoint[] {
  const { name: { entity, label }, path, tag, reads, writes, schema, errors = [], deletion = "delete" } =
    resource;
  const common = { tag, dialect: documentedForm } as const;
  const one = `${/^[aeiou](?!ser)/i.test(label) ? "an" : "a"} ${label}`;
  const change = { ...common, guard: writes, changes: true } as const;
  const endpoints = [
    endpoint({
      ...common,
      method: "get",
      path,
      operationId: `list${entity}s`,
      summary: `List ${label}s`,
      guard: reads,
      query: queryOf(resource.list.input),
      answers: { 200: { description: `A page of ${label}s`, schema: pageOf(schema) } },
      handle: async ({ ctx, query }) =>
        ok(
          wire(
            await resource.list.verb(ctx, query) as Unwired<
              z.output<ReturnType<typeof pageOf<typeof schema>>>
            >,
          ),
        ),
    }),
  ];
  if (resource.columns) endpoints.push(exportEndpoint(resource, resource.columns));
  const { get, create, update, restore, delete: remove } = resource;
  if (get) {
    endpoints.push(endpoint({
      ...common,
      method: "get",
      path: `${path}/{id}`,
      operationId: `get${entity}`,
      summary: `Get ${one}`,
      guard: reads,
      params: oneId,
      hasRevision: update !== undefined,
      answers: { 200: { description: `The ${label}`, schema } },
      errors: ["NOT_FOUND"],
      handle: async ({ ctx, params }) => ok(wire<Body>(await get(ctx, params.id))),
    }));
  }
  if (create) {
    endpoints.push(endpoint({
      ...change,
      method: "post",
      path,
      operationId: `create${entity}`,
      summary: `Create ${one}`,
      body: bodyOf(create.input),
      answers: { 201: { description: `The ${label}, created`, schema } },
      errors: ["CONFLICT", ...errors],
      handle: async ({ ctx, body }) => created(wire<Body>(await create.verb(ctx, body))),
    }));
  }
  if (update) {
    endpoints.push(endpoint({
      ...change,
      method: "patch",
      path: `${path}/{id}`,
      operationId: `update${entity}`,
      summary: `Update ${one}`,
      description: "Only the fields sent are changed.",
      params: oneId,
      hasRevision: true,
      body: bodyOf(update.input),
      answers: { 200: { description: `The ${label}, updated`, schema } },
      errors: ["NOT_FOUND", "CONFLICT", ...errors],
      handle: async ({ ctx, params, body, revision }) =>
        ok(wire<Body>(await update.verb(ctx, { id: params.id, changes: body, revision }))),
    }));
  }
  if (remove) {
    endpoints.push(endpoint({
      ...change,
      method: "delete",
      path: `${path}/{id}`,
      operationId: `${deletion}${entity}`,
      summary: `${deletion[0].toUpperCase()}${deletion.slice(1)} ${one}`,
      description: restore ? "It can be restored for 30 days." : undefined,
      params: oneId,
      hasRevision: update !== undefined,
      answers: { 200: { description: `The ${label} is ${pastOf[deletion]}`, schema: done } },
      errors: ["NOT_FOUND", "CONFLICT", ...errors],
      async handle({ ctx, params, revision }) {
        await remove(ctx, params.id, revision);
        return succeeded(`The ${label} was ${pastOf[deletion]}`);
      },
    }));
  }
  if (restore) {
    endpoints.push(endpoint({
      ...change,
      method: "post",
      path: `${path}/{id}/restore`,
      operationId: `restore${entity}`,
      summary: `Restore ${one}`,
      params: oneId,
      answers: { 200: { description: `The ${label} is restored`, schema: done } },
      errors: ["NOT_FOUND", "CONFLICT"],
      async handle({ ctx, params }) {
        await restore(ctx, params.id);
        return succeeded(`The ${label} was restored`);
      },
    }));
  }
  return endpoints;
}

function exportEndpoint<Row extends object, Query extends Shape>(
  { name: { entity, label }, path, tag, reads, list }: {
    name: { entity: string; label: string };
    path: string;
    tag: string;
    reads: Guard;
    list: { input: z.ZodObject<Query>; verb(ctx: Context, query: Input<Query>): Promise<Page<Row>> };
  },
  columns: Columns<Row>,
): Endpoint {
  const { cursor: _, limit: __, ...filters } = list.input.shape as Shape;
  const fileName = path.slice(path.lastIndexOf("/") + 1);
  return endpoint({
    method: "get",
    path: `${path}/export`,
    transfers: true,
    operationId: `export${entity}s`,
    summary: `Export ${label}s`,
    description:
      "Accepts the filters of the list. Cells that a spreadsheet would read as a formula are escaped.",
    tag,
    dialect: documentedForm,
    guard: reads,
    query: queryOf(z.strictObject({ ...filters, format: exportFormat.optional() })),
    answers: {
      200: {
        description: "The rows as CSV or XLSX",
        type: "text/csv",
        example: `${Object.keys(columns).join(",")}\n`,
      },
    },
    async handle({ ctx, query }) {
      const { format = "csv", ...filters } = query as { format?: "csv" | "xlsx" };
      const rows = allRows((page) =>
        // The filters are those of the list's own input, a relation that the spread shape above loses.
        list.verb(ctx, { sort: "id", ...filters, ...page } as ListQuery & Input<Query>)
      );
      return {
        ...ok(await writeSheet(format, columns, rows)),
        headers: {
          "content-type": contentTypes[format],
          "content-disposition": `attachment; filename="${fileName}.${format}"`,
        },
      };
    },
  });
}
