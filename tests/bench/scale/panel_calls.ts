// Every query of the panel; its lists are in panel_lists.ts.
import { call, listRouters, type PanelCall, STATISTICS_GOAL } from "./panel_call.ts";
import { daysAgo, drawFrom, nothing } from "./drawn.ts";
import type { Known } from "./known.ts";
import { panelLists } from "./panel_lists.ts";

/** Queries that read a row by its id or one of the small tables, whose cost does not depend on the number of licenses. */
export const notMeasured = [
  "account.me",
  "account.passkeys",
  "account.preferences",
  "account.sessions",
  "account.signInOptions",
  "administrators.invitations",
  "administrators.list",
  "alerts.list",
  "anomalies.get",
  "apiRequests.get",
  "jobs.get",
  "leads.deleteConflict",
  "licenseFiles.ofActivation",
  "mails.templates",
  "notifications.settings",
  "plans.deleteConflict",
  "plans.get",
  "releases.deleteConflict",
  "releases.explain",
  "releases.get",
  "resources.deleteConflict",
  "settings.identityProvider",
  "settings.list",
  "signingKeys.list",
  "webhooks.formats",
  "webhooks.get",
];

/** Calls with inputs that are drawn from the data set. */
export function panelCalls(known: Known): PanelCall[] {
  const drawn = drawFrom(known);
  const { license, customer, machine, event, delivery, resource, lead, product, word, misread } = drawn;
  const statistics = { goal: STATISTICS_GOAL };
  return [
    ...listRouters(panelLists(drawn)),
    call("licenses", "get", (n) => ({ id: license(n).id })),
    call("licenses", "explain", (n) => ({ id: machine(n).licenseId, hardwareId: machine(n).hardwareId })),
    call("licenses", "matching", (n) => ({ productId: product(n) }), { name: "productId" }),
    call("licenses", "matching", () => ({ state: "expired" as const }), { name: "state expired" }),
    call("licenses", "matching", (n) => ({ q: word(n) }), { name: "a word of many customers" }),
    call("licenses", "usage", (n) => ({ id: license(n).id })),
    call("licenses", "deliveries", (n) => ({ id: license(n).id })),
    call("customers", "get", (n) => ({ id: customer(n).id })),
    call("customers", "deleteConflict", (n) => ({ id: customer(n).id })),
    call("customers", "deleteConflict", () => ({ id: 1 }), { name: "the largest customer" }),
    call("products", "deleteConflict", (n) => ({ id: product(n) })),
    call("customers", "duplicates", (n) => ({ id: customer(n).id })),
    call("customers", "duplicates", () => ({ id: 1 }), { name: "the largest customer" }),
    call("customers", "mergePreview", (n) => ({ id: customer(n).id, intoId: customer(n).id === 1 ? 2 : 1 }), {
      name: "two customers",
    }),
    call("customers", "stats", (n) => ({ id: customer(n).id }), statistics),
    call("customers", "stats", () => ({ id: 1 }), { ...statistics, name: "the largest customer" }),
    call("customers", "usage", (n) => ({ id: customer(n).id })),
    call("customers", "usage", () => ({ id: 1 }), { name: "the largest customer" }),
    call("devices", "get", (n) => ({ id: machine(n).id })),
    call("devices", "components", (n) => ({ id: machine(n).id })),
    call("mails", "list", (n) => ({ licenseId: license(n).id }), { name: "licenseId" }),
    call("mails", "list", (n) => ({ customerId: customer(n).id }), { name: "customerId" }),
    call("mails", "list", (n) => ({ userId: 1 + n * 900 }), { name: "userId" }),
    call("mails", "unsubscribed", (n) => ({ email: `user${n}@example.com` })),
    call("search", "names", (n) => ({ q: word(n) })),
    call("events", "get", (n) => ({ id: event(n).id })),
    call("sessions", "queue", (n) => ({ licenseId: license(n).id })),
    call("sessions", "activeCount", () => undefined, statistics),
    call("users", "get", (n) => ({ id: license(n).userId })),
    call("users", "sessions", (n) => ({ id: license(n).userId })),
    call("products", "get", (n) => ({ id: product(n) })),
    call("resources", "get", (n) => ({ id: resource(n).id })),
    call("resources", "stats", () => undefined, statistics),
    call("leads", "get", (n) => ({ id: lead(n).id })),
    call("leads", "stats", () => undefined, statistics),
    call("anomalies", "stats", () => undefined, statistics),
    call("webhooks", "list", () => undefined),
    call("search", "tags", () => undefined),
    call("notifications", "unread", () => undefined),
    call("webhooks", "deliveries", (n) => ({ id: delivery(n).webhookId }), { name: "all" }),
    ...(["waiting", "delivered", "failed"] as const).map((state) =>
      call("webhooks", "deliveries", (n) => ({ id: delivery(n).webhookId, state }), { name: state })
    ),
    call("webhooks", "delivery", (n) => ({ id: delivery(n).id })),
    call("webhooks", "countReplay", (n) => ({ id: delivery(n).webhookId, since: daysAgo(30) })),
    ...([null, "customer", "license", "device"] as const).flatMap((type) => {
      const texts: Record<string, (n: number) => string> = {
        "a customer's name": (n) => customer(n).name,
        "a word of many": word,
        "a misspelt word": (n) => word(n).replace(/^(..)./, "$1x"),
        "a whole key": (n) => license(n).key,
        "part of a key": (n) => license(n).key.slice(0, 9),
        "a machine's name": (n) => machine(n).machineName,
        "a fingerprint": (n) => machine(n).hardwareId,
        "a misread fingerprint": misread,
        "two letters": (n) => license(n).key.slice(5, 7),
        "one letter": (n) => license(n).key.slice(5, 6),
        "nothing": nothing,
      };
      return Object.entries(texts).map(([name, text]) =>
        call("search", "everything", (n) => ({ q: text(n), ...(type ? { type } : {}) }), {
          name: `${type ?? "everything"}: ${name}`,
        })
      );
    }),
    call("monitoring", "liveStats", () => undefined, statistics),
    call("monitoring", "health", () => undefined, statistics),
    call("monitoring", "firstSteps", () => undefined, statistics),
    call("statistics", "read", () => ({
      measures: ["license.activated", "license.deactivated", "heartbeats", "licenses.active"],
      span: "hour" as const,
      since: daysAgo(7),
    }), { ...statistics, name: "a week by the hour" }),
    call("statistics", "read", () => ({
      measures: ["license.activated", "license.deactivated", "heartbeats", "licenses.active"],
      span: "day" as const,
      since: daysAgo(365),
    }), { ...statistics, name: "a year by the day" }),
    call("statistics", "expiriesAhead", () => ({ days: 30 }), { ...statistics, name: "30 days" }),
    call("statistics", "expiriesAhead", () => ({ days: 366 }), { ...statistics, name: "366 days" }),
    call("statistics", "versionsInUse", () => ({}), statistics),
    call("statistics", "versionsInUse", (n) => ({ productId: product(n) }), {
      ...statistics,
      name: "productId",
    }),
  ];
}
