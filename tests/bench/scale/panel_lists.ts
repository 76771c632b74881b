// The lists of the panel, with every order, every filter and texts of all kinds.
import type { ListCases, ListedRouter, ListInput } from "./panel_call.ts";
import { PRODUCTS } from "./functions.ts";
import { daysAgo, type Drawn, nothing } from "./drawn.ts";

/** What is measured of each list, with inputs that are drawn from the data set. */
export function panelLists(
  { license, customer, machine, event, product, word }: Drawn,
): { [Router in ListedRouter]: ListCases<ListInput<Router>> } {
  const day = (ahead: number) => daysAgo(-ahead).slice(0, 10);
  return {
    licenses: {
      sorts: { id: true, validUntil: true, key: true, updatedAt: true },
      filters: {
        deleted: [true],
        customerId: [(n) => license(n).customerId, 1],
        userId: [(n) => license(n).userId],
        productId: [product],
        planId: [(n) => 1 + n % (3 * PRODUCTS)],
        type: ["perpetual", "subscription", "trial"],
        state: ["active", "inactive", "not_yet_valid", "expired"],
        endsFrom: [() => day(-900), () => day(0), () => day(300)],
        endsBy: [() => day(-900), () => day(0), () => day(30)],
        tag: ["vip"],
        createdSince: [() => daysAgo(1), () => daysAgo(1000)],
        createdUntil: [() => daysAgo(1), () => daysAgo(1000)],
        jobId: [1],
      },
      texts: {
        "a whole key": (n) => license(n).key,
        "part of a key": (n) => license(n).key.slice(0, 9),
        "three letters of a key": (n) => license(n).key.slice(5, 8),
        "two letters": (n) => license(n).key.slice(5, 7),
        "one letter": (n) => license(n).key.slice(5, 6),
        "a customer's name": (n) => customer(n).name,
        "a word of many customers": word,
        "an email address": (n) => customer(n).email,
        "nothing": nothing,
      },
      together: [
        (n) => ({ state: "expired", productId: product(n), sort: "-validUntil" }),
        (n) => ({ type: "trial", state: "active", productId: product(n) }),
        (n) => ({ q: word(n), state: "active" }),
        (n) => ({ state: "not_yet_valid", sort: "validUntil", productId: product(n) }),
        (n) => ({ customerId: license(n).customerId, state: "active", sort: "key" }),
        () => ({ endsFrom: day(0), endsBy: day(7) }),
        () => ({ endsFrom: day(-400), endsBy: day(-390), sort: "validUntil" }),
        () => ({ createdSince: daysAgo(500), createdUntil: daysAgo(493) }),
        (n) => ({ createdSince: daysAgo(500), createdUntil: daysAgo(493), productId: product(n) }),
      ],
    },
    customers: {
      sorts: { id: true, name: true },
      filters: {
        deleted: [true],
        hasLicenses: [true, false],
        productId: [product],
        tag: ["vip"],
        createdSince: [() => daysAgo(1), () => daysAgo(1000)],
        createdUntil: [() => daysAgo(1), () => daysAgo(1000)],
      },
      texts: {
        "a name": (n) => customer(n).name,
        "a word of many": word,
        "an email address": (n) => customer(n).email,
        "three letters": (n) => customer(n).name.slice(1, 4),
        "two letters": (n) => customer(n).name.slice(1, 3),
        "one letter": (n) => customer(n).name.slice(1, 2),
        "nothing": nothing,
      },
      together: [
        (n) => ({ q: word(n), hasLicenses: true }),
        (n) => ({ q: word(n), productId: product(n), sort: "-id" }),
      ],
    },
    devices: {
      sorts: { id: true },
      filters: {
        licenseId: [(n) => machine(n).licenseId],
        customerId: [(n) => license(n).customerId, 1],
        userId: [(n) => license(n).userId],
        productId: [product, PRODUCTS],
        appVersion: ["4.4.0", "1.0.0", "9.9.9"],
        isActive: [true, false],
        activatedSince: [() => daysAgo(1), () => daysAgo(1000)],
        activatedUntil: [() => daysAgo(1), () => daysAgo(1000)],
      },
      texts: {
        "a machine's name": (n) => machine(n).machineName,
        "part of a name": (n) => machine(n).machineName.slice(0, 10),
        "a word of many": "desktop",
        "three letters": (n) => machine(n).hardwareId.slice(3, 6),
        "two letters": (n) => machine(n).hardwareId.slice(3, 5),
        "a whole fingerprint": (n) => machine(n).hardwareId,
        "part of a fingerprint": (n) => machine(n).hardwareId.slice(4, 14),
        "nothing": nothing,
      },
      together: [
        (n) => ({ productId: product(n), isActive: false }),
        (n) => ({ appVersion: "4.4.0", isActive: true, productId: product(n) }),
        () => ({ q: "macbook", isActive: false }),
        () => ({ activatedSince: daysAgo(500), activatedUntil: daysAgo(499) }),
        () => ({ activatedSince: daysAgo(500), activatedUntil: daysAgo(470), isActive: true }),
      ],
    },
    events: {
      sorts: { id: true },
      filters: {
        type: ["license.", "license.disabled", "seat.started", "webhook.", "product.created"],
        subjectKind: ["license", "activation", "webhook"],
        subjectId: [(n) => event(n).subjectId],
        licenseId: [(n) => license(n).id],
        customerId: [(n) => license(n).customerId, 1],
        actorKind: ["administrator", "api_key", "user", "system", "anonymous"],
        actorId: [(n) => 1 + n % 5],
        requestId: [(n) => event(n).requestId],
        since: [() => daysAgo(1), () => daysAgo(1000)],
        until: [() => daysAgo(1), () => daysAgo(1000)],
      },
      texts: { "a name of many": "Administrator", "nothing": nothing },
      together: [
        () => ({ type: "license.disabled", since: daysAgo(30) }),
        () => ({ type: "license.disabled", until: daysAgo(900) }),
        (n) => ({ actorKind: "administrator", actorId: 1 + n % 5, since: daysAgo(7) }),
        (n) => ({ customerId: license(n).customerId, type: "seat." }),
        (n) => ({ subjectKind: "license", subjectId: license(n).id }),
      ],
    },
    sessions: {
      sorts: { id: true },
      filters: {
        licenseId: [(n) => machine(n).licenseId],
        customerId: [(n) => license(n).customerId],
        productId: [product],
      },
      texts: {
        "a machine's name": (n) => machine(n).machineName,
        "a word of many": "desktop",
        "two letters": "ab",
        "nothing": nothing,
      },
    },
    users: {
      sorts: { id: true, email: true },
      filters: {
        disabled: [true, false],
        customerId: [(n) => license(n).customerId],
        tag: ["vip"],
        createdSince: [() => daysAgo(1)],
        createdUntil: [() => daysAgo(1000)],
      },
      texts: { "an address": (n) => `user${1 + n * 7}@example.com`, "two letters": "us", "nothing": nothing },
    },
    products: {
      sorts: { id: true, name: true },
      filters: { deleted: [true] },
      texts: { "a name": "Product" },
    },
    plans: {
      sorts: { id: true, name: true },
      filters: { deleted: [true], productId: [product] },
      texts: { "a name": "trial" },
    },
    releases: {
      sorts: { id: true, date: true },
      filters: { deleted: [true], productId: [product] },
      texts: { "a version": "4.4" },
    },
    resources: {
      sorts: { id: true, identifier: true },
      filters: {
        deleted: [true],
        type: ["server"],
        status: ["allocated", "available"],
        licenseId: [(n) => license(n).id],
      },
      texts: { "an identifier": "SRV-1", "nothing": nothing },
    },
    leads: {
      sorts: { id: true, name: true },
      filters: {
        deleted: [true],
        type: ["university"],
        stage: ["new", "won"],
        tag: ["vip"],
        createdSince: [() => daysAgo(1)],
        createdUntil: [() => daysAgo(1000)],
      },
      texts: { "a word of many": word, "two letters": "an", "nothing": nothing },
    },
    anomalies: {
      sorts: { id: true },
      filters: {
        kind: ["unusual_activation_pattern"],
        severity: ["critical"],
        unresolved: [true, false],
        licenseId: [(n) => license(n).id],
        foundSince: [() => daysAgo(1)],
        foundUntil: [() => daysAgo(1000)],
      },
      texts: { "a subject": "license", "nothing": nothing },
    },
    jobs: {
      sorts: { id: true },
      filters: {
        state: ["done"],
        kind: ["issue_licenses"],
        requestedSince: [() => daysAgo(1)],
        requestedUntil: [() => daysAgo(1000)],
      },
      texts: {},
    },
    apiKeys: { sorts: { id: true }, filters: { revoked: [true] }, texts: { "a name": "app" } },
  };
}
