// Validates the events that the tests recorded against the event catalogue.
import { connect } from "../../db/connect.ts";
import { urlOf } from "./clones.ts";
import { catalogue, type EventType } from "../../server/domain/events/catalogue/catalogue.ts";

interface RecordedEvent {
  type: EventType;
  subjectKind: string;
  before: unknown;
  after: unknown;
}

/** Number of events of each type that are checked in each test database. */
const SAMPLE = 200;

/** Lists the events in the test databases that do not match the catalogue, one line each. */
export async function listInvalidEvents(serverUrl: string): Promise<string[]> {
  const server = connect(serverUrl, { max: 1, name: "tests" });
  const databases = await server<{ datname: string }[]>`
    select datname
    from pg_database
    where datname like 'test\\_%'`;
  await server.end();
  const problems = new Set<string>();
  const left = databases.values();
  const check = async ({ datname }: { datname: string }) => {
    const db = connect(urlOf(new URL(serverUrl), datname), { max: 1, name: "tests" });
    const events = await db<RecordedEvent[]>`
      select type, subject_kind, before, after
      from (select *, row_number() over (partition by type order by id) as number from events) numbered
      where number <= ${SAMPLE}`;
    await db.end();
    for (const event of events) for (const problem of problemsOf(event)) problems.add(problem);
  };
  await Promise.all([1, 2, 3, 4].map(async () => {
    for (const database of left) await check(database);
  }));
  return [...problems];
}

function problemsOf({ type, subjectKind, ...facts }: RecordedEvent): string[] {
  const definition = catalogue[type];
  if (!definition) return [`${type} is not in the catalogue`];
  const problems = subjectKind === definition.subject ? [] : [`${type} happens to a ${subjectKind}`];
  for (const side of ["before", "after"] as const) {
    const schema = definition[side];
    if (!schema) {
      if (facts[side] !== null) problems.push(`${type} has facts ${side}: ${JSON.stringify(facts[side])}`);
      continue;
    }
    const parsed = schema.safeParse(facts[side]);
    if (parsed.success) continue;
    const issues = parsed.error.issues.map(({ path, message }) => `${path.join(".")} ${message}`);
    problems.push(`${type} ${side}: ${issues.join("; ")}`);
  }
  return problems;
}
