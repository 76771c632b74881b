// The columns of the terms, which `plans` and `licenses` both have: a term is named in `terms` and nowhere else.
import type { Db, Fragment } from "../../../db/connect.ts";
import { termNames, type Terms } from "./inputs.ts";

/** Terms whose values are jsonb. */
const objects: ReadonlySet<keyof Terms> = new Set(["entitlements", "meters"]);

/** The column of a term, "max_activations". */
export function columnOfTerm(name: keyof Terms): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/**
 * The columns of all terms, for a select or an insert.
 *
 * @param alias what the statement calls the table
 */
export function allTermColumns(db: Db, alias?: "l" | "plans"): Fragment {
  return listed(db, (name) => alias ? db`${db.unsafe(alias)}.${columnIn(db, name)}` : columnIn(db, name));
}

/** The values of all terms in the order of `allTermColumns`. */
export function termValues(db: Db, terms: Terms): Fragment {
  return listed(db, (name) => valueIn(db, terms, name));
}

/** The assignments of all terms, for an update. */
export function termAssignments(db: Db, terms: Terms): Fragment {
  return listed(db, (name) => db`${columnIn(db, name)} = ${valueIn(db, terms, name)}`);
}

function columnIn(db: Db, name: keyof Terms): Fragment {
  return db.unsafe(columnOfTerm(name));
}

function valueIn(db: Db, terms: Terms, name: keyof Terms): Fragment {
  return objects.has(name) ? db`${db.json(terms[name] as never)}` : db`${terms[name] as string | number}`;
}

function listed(db: Db, part: (name: keyof Terms) => Fragment): Fragment {
  return termNames.map(part).reduce((all, next) => db`${all}, ${next}`);
}
