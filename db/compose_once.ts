// Statements that are composed of many parts whose text never changes. The driver makes an object with a promise of each
// part, and joins them again for every run: a statement of thirty parts costs as much in this process as the rest of a
// request. Here the parts are joined once.
import type postgres from "postgres";
import type { Fragment } from "./connect.ts";
import type { Db } from "./handles.ts";

type Argument = postgres.SerializableParameter<number>;

/** The driver's query, as far as its text is read: what stands before, between and after its arguments. */
interface Part {
  readonly strings: readonly string[];
  readonly args: readonly (Argument | Part)[];
}

/** A statement as one text, with its parameters; placeholders are names after `MARK`. */
interface Joined {
  strings: TemplateStringsArray;
  args: Argument[];
}

/** No text that is stored has this character. */
const MARK = "\0";

/**
 * Returns the function that runs a statement. Its parts are composed once, so `compose` must depend on nothing but its
 * arguments; what differs from run to run is a value.
 *
 * @param compose builds the statement; a fragment stands for each value
 */
export function composeOnce<Values extends Record<string, Argument>, Row extends object>(
  compose: (db: Db, values: Record<keyof Values, Fragment>) => Fragment,
): (db: Db, values: Values) => postgres.PendingQuery<Row[]> {
  let joined: Joined | undefined;
  return (db, values) => {
    const { strings, args } = joined ??= join(compose(db, placeholders(db)));
    const given = args.map((arg) => isMarked(arg) ? values[arg.slice(MARK.length)] : arg);
    return db<Row[]>(strings, ...given);
  };
}

/** A fragment for every name. */
function placeholders<Name extends PropertyKey>(db: Db): Record<Name, Fragment> {
  return new Proxy({} as Record<Name, Fragment>, { get: (_none, name) => db`${MARK + String(name)}` });
}

function join(statement: unknown): Joined {
  const strings = [""];
  const args: Argument[] = [];
  const append = (part: Part): void => {
    strings[strings.length - 1] += part.strings[0];
    for (const [index, arg] of part.args.entries()) {
      if (isPart(arg)) append(arg);
      else strings.push(""), args.push(arg);
      strings[strings.length - 1] += part.strings[index + 1];
    }
  };
  if (isPart(statement)) append(statement);
  return { strings: Object.assign(strings, { raw: strings }), args };
}

function isPart(value: unknown): value is Part {
  return typeof value === "object" && value !== null && "strings" in value && "args" in value;
}

function isMarked(arg: Argument): arg is string {
  return typeof arg === "string" && arg.startsWith(MARK);
}
