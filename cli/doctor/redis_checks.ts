// Checks of Redis: reachable, version, persistence, eviction.
import { Redis } from "ioredis";
import type { Config } from "../../server/config.ts";
import { attempt, failure, type Finding, ok, warning } from "./check.ts";

/** Milliseconds. */
const TIMEOUT = 3000;

export async function checkRedis({ REDIS_URL }: Pick<Config, "REDIS_URL">): Promise<Finding[]> {
  const redis = new Redis(REDIS_URL, {
    lazyConnect: true,
    connectTimeout: TIMEOUT,
    commandTimeout: TIMEOUT,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  let lastError: Error | null = null;
  redis.on("error", (error) => lastError = error);
  try {
    return await attempt("redis", "Check REDIS_URL, that Redis runs, and its password.", async () => {
      await redis.connect().catch((error) => Promise.reject(lastError ?? error));
      const facts = readFacts(await redis.info());
      return [
        ok("redis", `Redis ${facts.get("redis_version")} answers.`),
        checkVersion(facts.get("redis_version") ?? "0"),
        checkPersistence(facts),
        checkEviction(facts),
      ];
    });
  } finally {
    redis.disconnect();
  }
}

/** The lines "name:value" of INFO. */
function readFacts(info: string): Map<string, string> {
  return new Map(
    info.split(/\r?\n/).flatMap((line) => {
      const at = line.indexOf(":");
      return at > 0 ? [[line.slice(0, at), line.slice(at + 1)] as const] : [];
    }),
  );
}

function checkVersion(version: string): Finding {
  const [major, minor = 0] = version.split(".").map(Number);
  return major > 6 || major === 6 && minor >= 2
    ? ok("redis version", `${version}.`)
    : failure("redis version", `${version} is older than 6.2.`, "Use Redis 6.2 or later, or Valkey.");
}

function checkPersistence(facts: Map<string, string>): Finding {
  return facts.get("aof_enabled") === "1" ? ok("redis persistence", "The append-only file is on.") : warning(
    "redis persistence",
    "The append-only file is off: a restart forgets limits and failed attempts. Nothing else is lost.",
    "Set appendonly yes.",
  );
}

function checkEviction(facts: Map<string, string>): Finding {
  const policy = facts.get("maxmemory_policy") ?? "unknown";
  if (policy === "noeviction") return ok("redis eviction", "maxmemory-policy is noeviction.");
  return failure(
    "redis eviction",
    `maxmemory-policy is ${policy}: jobs and limits may be dropped when memory is short.`,
    "Set maxmemory-policy noeviction, and a maxmemory that is not reached.",
  );
}
