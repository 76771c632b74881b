// Checks of Redis, of each master of a cluster: reachable, version, persistence, eviction.
import { connectRedis, masterNodes, openRedis } from "../../db/redis.ts";
import { readRedisUrl } from "../../db/redis_url.ts";
import type { Config } from "../../server/config.ts";
import { attempt, failure, type Finding, ok, warning } from "./check.ts";

/** Milliseconds. */
const TIMEOUT = 3000;

export async function checkRedis({ REDIS_URL }: Pick<Config, "REDIS_URL">): Promise<Finding[]> {
  const redis = openRedis(REDIS_URL, {
    lazyConnect: true,
    connectTimeout: TIMEOUT,
    commandTimeout: TIMEOUT,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  try {
    return await attempt("redis", "Check REDIS_URL, that Redis runs, and its password.", async () => {
      await connectRedis(redis);
      const facts = await Promise.all(masterNodes(redis).map(async (node) => readFacts(await node.info())));
      return [
        checkMode(facts, readRedisUrl(REDIS_URL).isCluster),
        ...[checkVersion, checkPersistence, checkEviction].map((check) => worst(facts.map(check))),
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

/** The finding about the server that has the most to be done. */
function worst(findings: Finding[]): Finding {
  return findings.find(({ result }) => result === "failure") ??
    findings.find(({ result }) => result === "warning") ?? findings[0];
}

function checkMode(facts: Map<string, string>[], isCluster: boolean): Finding {
  if (!isCluster && facts[0].get("redis_mode") === "cluster") {
    return failure(
      "redis",
      "REDIS_URL names one node of a cluster: keys of the others are refused.",
      "Begin REDIS_URL with redis+cluster://",
    );
  }
  return ok(
    "redis",
    `Redis ${facts[0].get("redis_version")} answers${
      isCluster ? `, a cluster of ${facts.length} masters` : ""
    }.`,
  );
}

function checkVersion(facts: Map<string, string>): Finding {
  const version = facts.get("redis_version") ?? "0";
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
