// REDIS_URL: one server, or some nodes of a cluster.

/** A Redis URL, read. */
interface RedisAddress {
  isCluster: boolean;
  /** The server, or some nodes of the cluster, from which the others are learnt; each with user and password. */
  urls: URL[];
}

const pattern = /^(rediss?)(\+cluster)?:\/\/(?:([^@]*)@)?([^/?#@]+)(\/\d*)?$/;

/**
 * Reads `redis://user:password@host:6379/0`, or `redis+cluster://user:password@host:6379,host:6379` for a cluster.
 * `rediss` is TLS.
 *
 * @throws Error that says what is wrong with it
 */
export function readRedisUrl(text: string): RedisAddress {
  const [, scheme, cluster, credentials, hosts, path = ""] = text.match(pattern) ?? [];
  if (!scheme) {
    throw new Error(
      "must be redis://user:password@host:6379, or for a cluster redis+cluster://user:password@host:6379,host:6379 " +
        "(rediss for TLS)",
    );
  }
  const isCluster = cluster !== undefined;
  if (isCluster && !/^\/?0?$/.test(path)) {
    throw new Error("must name no database: a cluster has only number 0");
  }
  if (!isCluster && hosts.includes(",")) {
    throw new Error("must begin with redis+cluster:// to name several nodes");
  }
  const urls = hosts.split(",").map((host) => {
    const url = `${scheme}://${credentials === undefined ? "" : `${credentials}@`}${host}${path}`;
    if (!URL.canParse(url)) throw new Error("must have a host and a port for each node, host:6379");
    return new URL(url);
  });
  return { isCluster, urls };
}
