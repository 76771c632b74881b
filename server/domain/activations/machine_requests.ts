// What callers ask for their machines, as rows of a statement that several of them share.
import type { Db, Fragment } from "../../../db/connect.ts";
import type { Context } from "../context.ts";
import {
  type ArrayColumns,
  callerRows,
  type EventCaller,
  eventCaller,
  eventsOfCallers,
} from "../events/record.ts";
import { candidateDigests, type LicenseKey } from "../licenses/key.ts";
import { machineNetwork } from "./activation.ts";

/** The license of a request: its id, or the digests of its key (hex), of which the first that a license has counts. */
export type LicenseTarget = { licenseId: number; keyDigests: [] } | { licenseId: null; keyDigests: string[] };

export interface LicenseRequest extends EventCaller {
  target: LicenseTarget;
  /** Null: licenses of every product. */
  productId: number | null;
  /** The machine's network; null when an administrator acts for it. */
  network: string | null;
}

export function targetOfKey(key: LicenseKey): LicenseTarget {
  return { licenseId: null, keyDigests: candidateDigests(key).map((digest) => digest.toHex()) };
}

/** What all requests of a caller have in common. */
export function licenseRequest(ctx: Context, target: LicenseTarget): LicenseRequest {
  return {
    ...eventCaller(ctx),
    target,
    productId: ctx.actor.kind === "api_key" ? ctx.actor.productId : null,
    network: machineNetwork(ctx),
  };
}

/**
 * A select of requests: the columns of `callerRows`, `license_id` (null when no license has the key), `given_id`,
 * `product_id`, `network`, and those of the work itself.
 */
export function requestRows(db: Db, requests: LicenseRequest[], own: ArrayColumns): Fragment {
  const digests = (index: number) => requests.map(({ target }) => target.keyDigests[index] ?? null);
  const columns = {
    names: db`given_id, digest, other_digest, product_id, network, ${own.names}`,
    arrays: db`
      ${requests.map(({ target }) => target.licenseId)}::bigint[], ${digests(0)}::text[], ${
      digests(1)
    }::text[],
      ${requests.map(({ productId }) => productId)}::bigint[], ${
      requests.map(({ network }) => network)
    }::text[],
      ${own.arrays}`,
  };
  return db`
    select r.*, coalesce(
      r.given_id,
      (select id from licenses where key_digest = decode(r.digest, 'hex')),
      (select id from licenses where key_digest = decode(r.other_digest, 'hex'))
    ) as license_id
    from ${callerRows(db, requests, columns)}`;
}

/**
 * A select that locks the licenses of `request`, in the order of ids. Its rows are as they are when they are locked, which may
 * be later than the statement's snapshot.
 */
export function lockedLicenses(db: Db, { waits }: { waits: boolean }): Fragment {
  return db`
    select l.*
    from licenses l
    where l.id in (select license_id from request)
    order by l.id
    for no key update of l ${waits ? db`` : db`skip locked`}`;
}

/**
 * The events of machines.
 *
 * @param source a select of `type`, of an activation's columns, of `customer_id`, `network`, and of an `EventCaller`
 */
export function machineEvents(db: Db, source: Fragment): Fragment {
  return eventsOfCallers(
    db,
    "activation",
    db`
      select
        type, at, actor_kind, actor_id, actor_name, request_id, traceparent,
        id as subject_id, license_id, customer_id, id as activation_id, null::jsonb as before,
        jsonb_build_object(
          'hardwareId', hardware_id, 'machineName', machine_name, 'appVersion', app_version, 'network', network
        ) as after
      from (${source}) as machine`,
  );
}
