// Changes of the API description that break a client that was written, or generated, against the earlier one.
type Json = Record<string, unknown>;

interface Description {
  paths: Record<string, Record<string, Operation>>;
  components: Json;
}

interface Operation {
  parameters?: { name: string; in: string; required?: boolean; schema: Json }[];
  requestBody?: { content: Record<string, { schema: Json }> };
  responses: Record<string, Json & { content?: Record<string, { schema?: Json }> }>;
}

/**
 * The breaking changes between two descriptions, a line each: removed paths, operations, answers, fields, parameters and
 * enum values, newly required input, changed types.
 */
export function breakingChanges(before: object, after: object): string[] {
  const [old, now] = [before as Description, after as Description];
  const changes: string[] = [];
  for (const [path, operations] of Object.entries(old.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      const name = `${method.toUpperCase()} ${path}`;
      const current = now.paths[path]?.[method];
      if (!current) changes.push(`${name} is removed`);
      else changes.push(...operationChanges(name, [operation, old], [current, now]));
    }
  }
  return changes;
}

type Side<Part> = [part: Part, description: Description];

function operationChanges(
  name: string,
  [old, before]: Side<Operation>,
  [now, after]: Side<Operation>,
): string[] {
  const changes: string[] = [];
  const key = ({ in: location, name }: { in: string; name: string }) => `${location} parameter ${name}`;
  const known = new Map((old.parameters ?? []).map((parameter) => [key(parameter), parameter]));
  const current = new Map((now.parameters ?? []).map((parameter) => [key(parameter), parameter]));
  for (const [which, parameter] of known) {
    const other = current.get(which);
    if (!other) changes.push(`${name}: ${which} is removed`);
    else {changes.push(
        ...schemaChanges(`${name}: ${which}`, [parameter.schema, before], [other.schema, after], "input"),
      );}
  }
  for (const [which, { required }] of current) {
    if (required && !known.get(which)?.required) changes.push(`${name}: ${which} is newly required`);
  }
  if (now.requestBody && !old.requestBody) changes.push(`${name}: a body is newly required`);
  for (const [type, { schema }] of Object.entries(old.requestBody?.content ?? {})) {
    const other = now.requestBody?.content[type];
    if (!other) changes.push(`${name}: a body of ${type} is not accepted any more`);
    else changes.push(...schemaChanges(`${name}: body`, [schema, before], [other.schema, after], "input"));
  }
  for (const [status, answer] of Object.entries(old.responses)) {
    if (!status.startsWith("2")) continue;
    const schema = answer.content?.["application/json"]?.schema;
    const other = now.responses[status]?.content?.["application/json"]?.schema;
    if (!now.responses[status]) changes.push(`${name}: the answer ${status} is removed`);
    else if (schema && !other) changes.push(`${name}: the answer ${status} is not JSON any more`);
    else if (schema && other) {
      changes.push(...schemaChanges(`${name}: answer ${status}`, [schema, before], [other, after], "output"));
    }
  }
  return changes;
}

function schemaChanges(
  name: string,
  [oldSchema, before]: Side<Json>,
  [newSchema, after]: Side<Json>,
  io: "input" | "output",
  seen: ReadonlySet<unknown> = new Set(),
): string[] {
  const old = resolve(oldSchema, before);
  const now = resolve(newSchema, after);
  if (seen.has(old)) return [];
  const visited = new Set([...seen, old]);
  const changes: string[] = [];
  if (JSON.stringify(old.type) !== JSON.stringify(now.type)) {
    return [`${name} changes its type from ${old.type} to ${now.type}`];
  }
  const values = now.enum as unknown[] | undefined;
  for (const value of old.enum as unknown[] ?? []) {
    if (values && !values.includes(value)) changes.push(`${name}: the value ${value} is removed`);
  }
  const properties = old.properties as Record<string, Json> ?? {};
  const current = now.properties as Record<string, Json> ?? {};
  for (const [field, schema] of Object.entries(properties)) {
    if (!current[field]) changes.push(`${name}.${field} is removed`);
    else {
      changes.push(
        ...schemaChanges(`${name}.${field}`, [schema, before], [current[field], after], io, visited),
      );
    }
  }
  const required = (schema: Json) => schema.required as string[] ?? [];
  const [kept, lost] = io === "input" ? [required(now), required(old)] : [required(old), required(now)];
  for (const field of kept) {
    if (!lost.includes(field) && current[field]) {
      changes.push(`${name}.${field} is ${io === "input" ? "newly required" : "not always there any more"}`);
    }
  }
  if (old.items && now.items) {
    changes.push(
      ...schemaChanges(`${name}[]`, [old.items as Json, before], [now.items as Json, after], io, visited),
    );
  }
  return changes;
}

function resolve(schema: Json, { components }: Description): Json {
  if (typeof schema.$ref !== "string") return schema;
  const [kind, name] = schema.$ref.replace("#/components/", "").split("/");
  return (components[kind] as Record<string, Json>)[name];
}
