// Fields of events that hold personal data of customers, users and leads. A test compares them with the catalogue of
// events, so that a new field is decided about.

export const personalFields = [
  // Persons and how to reach them.
  "email",
  "name",
  "phone",
  "position",
  // What an institution that is one person says about itself, and what was noted about it.
  "city",
  "country",
  "metadata",
  "note",
  "notes",
  "reason",
  "tags",
  "website",
  // Their machines and networks.
  "changedComponents",
  "deviceId",
  "hardwareId",
  "ip",
  "machineName",
  "network",
  "stateHash",
] as const;

/** Fields of an anomaly's facts, which the catalogue leaves open, beside those above. */
export const personalAnomalyFacts = ["networks", "machines", "subject"] as const;
