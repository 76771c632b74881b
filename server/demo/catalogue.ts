// What the demo company sells, and to whom.

import type { NewPlan } from "../domain/plans/plans.ts";

export const plans: Omit<NewPlan, "productId">[] = [
  {
    code: "trial",
    name: "Trial",
    licenseType: "trial",
    duration: "P7D",
    maxActivations: 1,
    maxUsers: 1,
    features: ["pattern_upload"],
  },
  {
    code: "monthly",
    name: "Monthly",
    licenseType: "subscription",
    duration: "P1M",
    maxActivations: 2,
    maxUsers: 2,
    features: ["pattern_upload", "wifi_upload"],
  },
  {
    code: "yearly",
    name: "Yearly",
    licenseType: "subscription",
    duration: "P1Y",
    maxActivations: 5,
    maxUsers: 5,
    features: ["pattern_upload", "wifi_upload", "advanced_controls"],
  },
  {
    code: "perpetual",
    name: "Perpetual",
    licenseType: "perpetual",
    duration: null,
    maxActivations: 10,
    maxUsers: 10,
    features: ["pattern_upload", "wifi_upload", "advanced_controls", "ai_features"],
  },
];

/** Releases with their age in days, the oldest first. */
export const releases = [
  {
    version: "1.0.0",
    age: 390,
    downloadUrl: "https://example.com/download/v1.0.0",
    releaseNotes: "First release",
    isMandatory: false,
  },
  {
    version: "1.0.1",
    age: 330,
    downloadUrl: "https://example.com/download/v1.0.1",
    releaseNotes: "Security fix: uploads are checked before they are sent",
    isMandatory: true,
  },
  {
    version: "1.1.0",
    age: 160,
    downloadUrl: "https://example.com/download/v1.1.0",
    releaseNotes: "Bug fixes and performance improvements",
    isMandatory: false,
  },
  {
    version: "1.2.0-beta.1",
    age: 10,
    downloadUrl: "https://example.com/download/v1.2.0-beta.1",
    releaseNotes: "Upload over Wi-Fi, for those who like to try things",
    isMandatory: false,
  },
];

export const companies = [
  "Northwind Embroidery",
  "Blue Harbor Studios",
  "Kestrel Robotics",
  "Lumen & Sons",
  "Atelier Moreau",
  "Pinecrest Signage",
  "Helio Textiles",
  "Graystone Academy",
  "Maple Street Makers",
  "Oriole Design Studio",
  "Tidewater Printing",
  "Summit Apparel",
  "Vantage Interiors",
  "Copperfield Uniforms",
  "Bright Loom",
  "Sterling Crafts",
  "Foxglove Fashion",
  "Nordlys Design",
  "Quarry Lane Schools",
  "Redwood Outfitters",
  "Silverbirch Labs",
  "Thimble & Thread",
  "University of Ashford",
  "Violet Peak Media",
  "Westgate Costumes",
  "Yarrow Collective",
  "Zephyr Sportswear",
  "Amber Coast Yachts",
  "Birchwood College",
  "Cinder Path Theatre",
].map((name) => ({
  name,
  email: `office@${name.toLowerCase().replace(/[^a-z]+/g, "-")}.example`,
}));
