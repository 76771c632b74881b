// PostgreSQL is killed again and again under writers of every kind. What was acknowledged is there afterwards.
import { loadLicenses } from "../../bench/sample_licenses.ts";
import { eventually } from "../../support/test.ts";
import { bearer, makeAdministrator, signIn, withoutLimits } from "../accounts.ts";
import { post } from "../answers.ts";
import type { TortureRow } from "../row.ts";
import { startBreakableSystem } from "../system.ts";

const WRITERS = 32;
const KILLS = 3;
/** How long writers write before each kill, and how long PostgreSQL is away; milliseconds. */
const LOAD = 3000;
const OUTAGE = 3000;
const RECOVERY = 5000;
/** Writers ask again sooner than they are told to; milliseconds. */
const RETRY = 50;
const LIMIT = 100_000;

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

export const row: TortureRow = {
  fault:
    "PostgreSQL killed (SIGKILL) 3 times under 32 writers, who activate, deactivate, beat and edit licenses",
  reach: "0 acknowledged writes lost; 503 with Retry-After meanwhile; back within 5 s",
  coveredBy: ["tests/rest/outage_test.ts"],
  async run() {
    const system = await startBreakableSystem();
    try {
      const { keys } = await loadLicenses(system.db, WRITERS, 0, LIMIT);
      const ids = await system.db<{ id: number; key: string }[]>`
        select id, key
        from licenses`;
      const idOf = new Map(ids.map(({ id, key }) => [key, id]));
      const { email } = await makeAdministrator(system);
      const env = { ...withoutLimits, RATE_LIMIT_HEARTBEAT: "off" };
      const servers = await Promise.all([system.startServer({ env }), system.startServer({ env })]);
      const administrator = {
        ...bearer((await signIn(servers[0].url, email))!),
        "content-type": "application/json",
      };

      const answers: Record<string, number> = {};
      const unexpected = new Set<string>();
      let isWriting = true;
      /** The answer to a write that is acknowledged, or null. */
      const write = async (kind: string, url: string, headers: Record<string, string>, body: object) => {
        const response = await post(url, headers, body).catch((error) => String(error));
        const [status, text] = typeof response === "string" ? [0, response] : [
          response.status,
          await response.text().catch(String),
        ];
        const answer = `${kind} ${status}`;
        answers[answer] = (answers[answer] ?? 0) + 1;
        if (status === 200 || status === 201) return JSON.parse(text);
        const retryAfter = typeof response !== "string" && Number(response.headers.get("retry-after"));
        if (status !== 503 || !retryAfter) unexpected.add(`${answer} ${text.slice(0, 200)}`);
        await pause(RETRY);
        return null;
      };

      const activated: string[] = [];
      const deactivated: string[] = [];
      const beats: { hardware: string; at: string }[] = [];
      // Each writer raises the limit of its own license: one without an answer may have been stored or not.
      const limits = keys.map((key) => ({ id: idOf.get(key)!, acknowledged: LIMIT, asked: LIMIT }));
      const writers = keys.map(async (key, n) => {
        const call = (name: string, hardware: string) =>
          write(name, `${servers[n % 2].url}/api/license/${name}`, system.headers, {
            license_key: key,
            hardware_hash: hardware,
          });
        for (let number = 0; isWriting; number++) {
          const hardware = `machine ${n} ${number}`;
          // The other writes are about a machine that is activated.
          if (!await call("activate", hardware)) continue;
          activated.push(hardware);
          const beat = await call("heartbeat", hardware);
          if (beat) beats.push({ hardware, at: beat.last_heartbeat });
          const url = `${servers[n % 2].url}/api/license/${limits[n].id}/quick-edit`;
          limits[n].asked = LIMIT + number;
          const edited = await write("edit", url, administrator, { max_activations: limits[n].asked });
          if (edited) limits[n].acknowledged = limits[n].asked;
          if (await call("deactivate", hardware)) deactivated.push(hardware);
        }
      });

      const count = (status: string) =>
        Object.entries(answers).filter(([answer]) => answer.endsWith(status))
          .reduce((sum, [, count]) => sum + count, 0);
      const refused: number[] = [];
      const recoveries: number[] = [];
      for (let n = 0; n < KILLS; n++) {
        await pause(LOAD);
        await system.postgres.kill();
        const before = count(" 503");
        await pause(OUTAGE);
        refused.push(count(" 503") - before);
        await system.postgres.start();
        const began = performance.now();
        await eventually(async () => {
          const responses = await Promise.all(
            servers.map(({ url }) =>
              post(`${url}/api/license/activate`, system.headers, {
                license_key: keys[0],
                hardware_hash: `after ${n}`,
              })
            ),
          );
          await Promise.all(responses.map((response) => response.body?.cancel()));
          return responses.every(({ ok }) => ok);
        }, 60_000);
        recoveries.push(Math.round(performance.now() - began));
      }
      await pause(LOAD);
      isWriting = false;
      await Promise.all(writers);
      const [stored] = await system.db<Record<"activated" | "deactivated" | "beats", number>[]>`
        select
          (select count(*) from activations where hardware_id = any(${activated})) as activated,
          (
            select count(*)
            from activations
            where hardware_id = any(${deactivated}) and deactivated_at is not null
          ) as deactivated,
          (
            select count(*)
            from activations
            join unnest(
              ${beats.map(({ hardware }) => hardware)}::text[],
              ${beats.map(({ at }) => at)}::timestamptz[]
            ) as beat (hardware, at) on hardware = hardware_id
            where last_heartbeat >= at
          ) as beats`;
      const rows = await system.db<{ id: number; maxActivations: number }[]>`
        select id, max_activations
        from licenses`;
      const lost = {
        activations: activated.length - stored.activated,
        deactivations: deactivated.length - stored.deactivated,
        heartbeats: beats.length - stored.beats,
        edits: rows.filter(({ id, maxActivations }) => {
          const { acknowledged, asked } = limits.find((limit) => limit.id === id)!;
          return maxActivations < acknowledged || maxActivations > asked;
        }).length,
      };
      return {
        held: Object.values(lost).every((count) => count === 0) && unexpected.size === 0 &&
          Math.min(deactivated.length, beats.length) > 0 && Math.min(...refused) > 0 &&
          Math.max(...recoveries) <= RECOVERY,
        figures: {
          answers: JSON.stringify(answers),
          "refused while PostgreSQL was away": refused.join(" "),
          "other answers": [...unexpected].slice(0, 5).join("\n") || "none",
          "ms until both servers write again": recoveries.join(" "),
          "acknowledged activations": activated.length,
          "acknowledged deactivations": deactivated.length,
          "acknowledged heartbeats": beats.length,
          "acknowledged edits": answers["edit 200"],
          ...Object.fromEntries(Object.entries(lost).map(([kind, count]) => [`lost ${kind}`, count])),
        },
      };
    } finally {
      await system.stop();
    }
  },
};
