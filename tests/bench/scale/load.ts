// Loads the data set of `deno task bench:scale` into a migrated, empty database.
import type { Database, Db } from "../../../db/connect.ts";
import { createFunctions, dropFunctions, sizesOf } from "./functions.ts";
import { loadCustomers, loadProducts } from "./load_catalogue.ts";
import { loadEvents, loadStatistics } from "./load_events.ts";
import { loadDeliveries, loadLeadsAndResources, loadMails, loadOperations } from "./load_rest.ts";
import {
  loadActivations,
  loadActivationTexts,
  loadLicenses,
  loadMeterUsage,
  loadSeats,
} from "./load_licenses.ts";
import { dropIndexes } from "./secondary_indexes.ts";

/** The tables that are loaded without their indexes, the largest first. */
const largeTables = ["activations", "activation_texts", "events", "licenses", "customers"];

/** Settings of the loading sessions. Foreign keys and triggers are off: the rows agree with each other. */
const session = `
  set session_replication_role = replica;
  set synchronous_commit = off;
  set work_mem = '512MB';
  set maintenance_work_mem = '512MB';
  set max_parallel_maintenance_workers = 2`;

export interface LoadOptions {
  /** The part of 1,000,000 licenses. */
  factor: number;
  /** That of the programs which will run on the data. */
  encryptionKey: string;
  /** Called with what was done and how long it took. */
  onStep?: (step: string, seconds: number) => void;
}

/**
 * Loads the data set.
 *
 * @param db connected as a superuser, to a pool of at least three connections
 */
export async function loadDataSet(
  db: Database,
  { factor, encryptionKey, onStep = () => {} }: LoadOptions,
): Promise<void> {
  const sizes = sizesOf(factor);
  const timed = async (step: string, work: Promise<unknown>) => {
    const began = performance.now();
    await work;
    onStep(step, (performance.now() - began) / 1000);
  };
  const [one, two] = await Promise.all([db.reserve(), db.reserve()]);
  try {
    for (const connection of [one, two]) await connection.unsafe(session);
    await createFunctions(one);
    const indexes = await dropIndexes(one, largeTables);
    await Promise.all([
      (async () => {
        await timed("activations", loadActivations(one, sizes));
        await timed("texts of activations", loadActivationTexts(one));
        await timed("seats", loadSeats(one));
      })(),
      (async () => {
        await timed("products", loadProducts(two));
        await timed("customers and users", loadCustomers(two, sizes));
        await timed("licenses", loadLicenses(two, sizes));
        await timed("metered use", loadMeterUsage(two));
        await timed("leads and resources", loadLeadsAndResources(two, sizes));
      })(),
    ]);
    await timed("anomalies and more", loadOperations(one, sizes));
    await timed("mails", loadMails(one, sizes));
    await timed("events", loadEvents(one, sizes));
    await timed("statistics", loadStatistics(one));
    await setSequences(one);
    await Promise.all([one, two].map(async (connection) => {
      // Each connection takes the next of them.
      while (indexes.length > 0) {
        const { name, create } = indexes.shift()!;
        await timed(name, connection.unsafe(create));
      }
    }));
    await timed("deliveries", loadDeliveries(db, sizes, encryptionKey));
    await timed("vacuum analyze", one.unsafe("vacuum analyze"));
    await dropFunctions(one);
  } finally {
    for (const connection of [one, two]) {
      await connection.unsafe("reset all");
      connection.release();
    }
  }
}

/** Rows were inserted with ids; the next ones follow. */
async function setSequences(db: Db): Promise<void> {
  for (
    const table of [
      "products",
      "plans",
      "customers",
      "users",
      "licenses",
      "institutions",
      "resources",
      "events",
    ]
  ) {
    await db.unsafe(
      `select setval(pg_get_serial_sequence('${table}', 'id'), (select max(id) from ${table}))`,
    );
  }
}
