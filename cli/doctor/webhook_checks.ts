// Checks of webhooks: whether the server's machine reaches their endpoints, and whether deliveries fail.
import { lookup } from "node:dns/promises";
import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { Database } from "../../db/connect.ts";
import type { Config } from "../../server/config.ts";
import {
  addressIn,
  type AllowedNetworks,
  isAllowed,
  readNetworks,
} from "../../server/domain/webhooks/address.ts";
import { attempt, type Finding, messageOf, ok, warning } from "./check.ts";

/** How long a connection may take; milliseconds. */
const TIMEOUT = 5000;
/** Endpoints that are tried; others are not looked at. */
const MOST = 100;

export async function checkWebhooks(db: Database, config: Config): Promise<Finding[]> {
  return (await Promise.all([checkDeliveries(db), checkEndpoints(db, config)])).flat();
}

function checkDeliveries(db: Database): Promise<Finding[]> {
  const next = "Look at the endpoint's deliveries in the panel, under Webhooks.";
  return attempt("webhooks", next, async () => {
    const failing = await db<{ url: string }[]>`
      select url
      from webhooks
      where deleted_at is null and (failing_since is not null or disabled_reason in ('gone', 'failing'))
      order by id`;
    return failing.length > 0
      ? warning("webhooks", `Failing: ${failing.map(({ url }) => new URL(url).host).join(", ")}.`, next)
      : ok("webhooks", "None is failing.");
  });
}

/** Connects to every active endpoint, with TLS where it has it, and sends nothing. */
function checkEndpoints(
  db: Database,
  { WEBHOOK_ALLOWED_ADDRESSES }: Pick<Config, "WEBHOOK_ALLOWED_ADDRESSES">,
): Promise<Finding[]> {
  const check = "webhook endpoints";
  const next =
    "Check the name, the certificate and the firewall between here and there, or disable the webhook.";
  return attempt(check, next, async () => {
    const rows = await db<{ url: string }[]>`
      select url
      from webhooks
      where deleted_at is null and is_active
      order by id
      limit ${MOST}`;
    const origins = [...new Set(rows.map(({ url }) => new URL(url).origin))];
    const allowed = readNetworks(WEBHOOK_ALLOWED_ADDRESSES);
    const problems = await Promise.all(origins.map((origin) => findProblem(new URL(origin), allowed)));
    const lines = origins.flatMap((origin, at) =>
      problems[at] === null ? [] : [`${origin}: ${problems[at]}`]
    );
    if (lines.length > 0) return warning(check, `Cannot be reached:\n${lines.join("\n")}`, next);
    return ok(check, origins.length === 0 ? "There are none." : `All ${origins.length} can be reached.`);
  });
}

/** Why an endpoint cannot be reached; null when it can. */
async function findProblem(url: URL, allowed: AllowedNetworks): Promise<string | null> {
  const literal = addressIn(url);
  const found = literal === null
    ? await lookup(url.hostname, { all: true }).then((all) => all.map(({ address }) => address), () => [])
    : [literal];
  if (found.length === 0) return "its name cannot be resolved";
  if (!found.every((address) => isAllowed(address, allowed))) {
    return `${found.join(", ")} is a private address, which WEBHOOK_ALLOWED_ADDRESSES does not list`;
  }
  const host = found.find((address) => !address.includes(":")) ?? found[0];
  const port = Number(url.port || (url.protocol === "https:" ? 443 : 80));
  return await new Promise((resolve) => {
    const socket: Socket = url.protocol === "https:"
      ? connectTls({ host, port, servername: literal === null ? url.hostname : undefined }, () => end(null))
      : connectTcp({ host, port }, () => end(null));
    const timer = setTimeout(() => end(`it does not answer within ${TIMEOUT / 1000} s`), TIMEOUT);
    socket.on("error", (error) => end(messageOf(error)));
    function end(problem: string | null): void {
      clearTimeout(timer);
      socket.destroy();
      resolve(problem);
    }
  });
}
