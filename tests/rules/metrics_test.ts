// Architecture rule 17: labels of metrics come from closed lists. And what is kept in memory by what clients send has a bound.
import { test } from "../support/test.ts";
import { assertNone, code, find, under, withoutComments } from "./source.ts";

const server = code.filter(({ path }) => under("server/", "worker/", "db/")(path)).map(withoutComments);

test("one file makes metrics, and it closes the labels of each", () => {
  assertNone(
    server.filter(({ path }) => path !== "server/request/metric_registry.ts")
      .flatMap((source) => find(source, /"prom-client"|\bnew (?:Counter|Gauge|Histogram|Summary)\(/g))
      .map(({ at, found }) => `${at} has ${found[0]}`),
    "Make it with server/request/metric_registry.ts, which asks for the values of every label:",
  );
});

/** Collections that live as long as the process, each with what bounds it. */
const bounded: Record<string, string> = {
  "db/deadlines.ts": "statements and connections that wait, whose number each pool limits",
  "db/embedded/child_process.ts": "processes that were started, in development",
  "db/migration_files.ts": "folders of migrations",
  "db/query_spans.ts": "statements of the program, in a WeakMap",
  "db/tracing.ts": "errors, in a WeakMap",
  "server/domain/activations/fingerprints.ts": "constants",
  "server/domain/activations/recognise_machine.ts": "calls in progress, in a WeakMap",
  "server/domain/activations/shared_values.ts": "texts of together MAX_KEPT characters",
  "server/domain/license_files/status_list.ts": "lists that are being made, in a WeakMap",
  "server/domain/work_queue.ts": "queues of the program, and in each of them its greatest length",
  "server/processes.ts": "processes that were started",
  "server/pages/panel.ts": "files of the panel",
  "server/request/app.ts": "paths that are declared, by known methods",
  "server/request/attempt_reports.ts": "reports that are being written",
  "server/request/batches.ts": "kinds of work of the program; items of callers that wait",
  "server/request/cache.ts": "tags of cached entries, whose number is limited, and of loads in progress",
  "server/request/cipher.ts": "purposes of the program",
  "server/request/event_stream.ts": "open streams, whose number is limited",
  "server/request/heartbeat_writer.ts": "MAX_REFUSED",
  "server/request/histogram.ts": "values of labels that are listed",
  "server/request/key_usage.ts": "API keys that exist, between two writes",
  "server/request/listener.ts": "open connections",
  "server/request/metric_registry.ts": "values of labels that are listed",
  "server/request/metrics.ts": "routes that are declared, codes and statuses that exist",
  "server/request/pipeline.ts": "routes that are declared, by known methods",
  "server/request/routes.ts": "endpoints that are declared",
  "server/request/stream_slots.ts": "open streams, whose number is limited",
  "server/trpc/live.ts": "pools and batches of events, in WeakMaps",
  "server/trpc/live_body.ts": "batches, in a WeakMap",
  "server/trpc/mount.ts": "procedures that are declared",
};

/** Collections that are made by a call and gone after it. */
const perCall = /^\s{2,}/;

test("a collection that lives as long as the process is listed with its bound, or is an LRUCache with a maximum", () => {
  const unbounded = server.filter(({ path }) => !under("server/demo/", "server/dev.ts")(path)).flatMap(
    (source) => {
      const lines = source.text.split("\n");
      return find(source, /\bnew (?:Map|Set|WeakMap)\b[^;\n]*/g).filter(({ at }) => {
        const line = lines[Number(at.split(":")[1]) - 1];
        // Values that are written out are constants.
        return !/new (?:Map|Set)(?:<[^(]*>)?\(\s*(?:\[|$)/.test(line) && !perCall.test(line);
      }).map(({ at }) => at);
    },
  );
  assertNone(
    unbounded.filter((at) => !(at.split(":")[0] in bounded)),
    "Say in tests/rules/metrics_test.ts what bounds it:",
  );
  const lru = server.flatMap((source) => find(source, /new LRUCache[^(]*\(\{[^]*?\}\)/g));
  assertNone(
    lru.filter(({ found }) => !/\bmax:/.test(found[0])).map(({ at }) => at),
    "Give it a maximum:",
  );
});

test("what starts once and keeps a collection is listed with its bound", () => {
  // Functions that make something for the whole process: create…, start…, open…, count…, compile…
  const made =
    /^(?:export )?(?:async )?function (?:create|start|open|count|compile|mount|listen)\w*\([^]*?^\}/gm;
  assertNone(
    server.filter(({ path }) => under("server/request/", "db/", "server/trpc/", "server/operations/")(path))
      .flatMap((source) =>
        find(source, made).filter(({ found }) =>
          /^ {2}(?:const|let) \w+ = new (?:Map|Set)\b(?!.*\(\[)/m.test(found[0])
        )
          .map(({ at }) => at)
      ).filter((at) => !(at.split(":")[0] in bounded)),
    "Say in tests/rules/metrics_test.ts what bounds it:",
  );
});
