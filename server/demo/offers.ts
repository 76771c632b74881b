// The demo's plans with further terms: five offers as vendors sell them, each with a customer who bought it.
import type { NewPlan } from "../domain/plans/plans.ts";

/** The plans, by what the demo calls them. */
export const offers = {
  grace: {
    code: "studio",
    name: "Studio",
    licenseType: "subscription",
    duration: "P1Y",
    graceDays: 14,
    maxActivations: 3,
    maxUsers: 3,
    machineReplacement: "longest_idle",
    replacementIdleDays: 30,
    maxNewMachines: 6,
    features: ["pattern_upload", "wifi_upload", "advanced_controls"],
    entitlements: { cloud_sync: true, max_projects: 50, export_formats: "svg, dst, pes" },
    metadata: {
      sku: { value: "UB-STUDIO-12", public: false },
      support: { value: "priority", public: true },
    },
  },
  perpetual: {
    code: "lifetime",
    name: "Lifetime",
    licenseType: "perpetual",
    duration: null,
    updates: "P1Y",
    offlineDays: 30,
    maxActivations: 2,
    maxUsers: 2,
    features: ["pattern_upload", "wifi_upload", "advanced_controls"],
    entitlements: { max_projects: 20 },
    metadata: {
      sku: { value: "UB-LIFETIME", public: false },
      support: { value: "standard", public: true },
    },
  },
  floating: {
    code: "floating",
    name: "Floating, 10 users",
    licenseType: "subscription",
    duration: "P1Y",
    maxActivations: 100,
    maxUsers: 10,
    seatQueue: true,
    // Long enough for the demo to show seats in use.
    seatTtl: 7200,
    machineLease: "P30D",
    machineMatching: "most",
    features: ["pattern_upload", "wifi_upload", "advanced_controls", "ai_features"],
    entitlements: { cloud_sync: true, max_projects: 500 },
    metadata: { sku: { value: "UB-FLOAT-10", public: false } },
  },
  trial: {
    code: "trial-14-days",
    name: "Trial, 14 days",
    licenseType: "trial",
    duration: "P14D",
    expiryBasis: "first_activation",
    trialPer: "machine",
    maxActivations: 1,
    maxUsers: 1,
    features: ["pattern_upload"],
    entitlements: { max_projects: 3 },
  },
  metered: {
    code: "exports-1000",
    name: "1,000 exports",
    licenseType: "subscription",
    duration: "P1Y",
    maxActivations: 4,
    maxUsers: 4,
    machineOverage: 25,
    meters: { exports: { limit: 1000, period: "month", overage: 10 } },
    features: ["pattern_upload", "wifi_upload"],
    entitlements: { max_projects: 50 },
    metadata: { sku: { value: "UB-EXPORTS-1000", public: false } },
  },
} satisfies Record<string, Omit<NewPlan, "productId">>;

/** Terms of the license of the API's documentation. They add to its documented answers and change none of them. */
export const documentedTerms = {
  entitlements: { cloud_sync: true, max_projects: 100, export_formats: "svg, dst" },
  meters: { exports: { limit: 500, period: "month", overage: 20 } },
  machineMatching: "most",
  seatQueue: true,
} as const;
