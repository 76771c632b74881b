// The charts of the monitoring page.
import { type Behind, eventsOf, type Measure } from "../../features/statistics/statistics.ts";
import { addresses, withQuery } from "../../lib/addresses.ts";

export const charts: { title: string; measures: Measure[]; emptyText: string; behind: Behind | null }[] = [
  {
    title: "Heartbeats",
    measures: [{ measure: "heartbeats", title: "Heartbeats", color: "good", variant: "line" }],
    emptyText: "No heartbeats in this period.",
    behind: null,
  },
  {
    title: "Licenses and devices",
    measures: [
      {
        measure: "licenses.active",
        title: "Active licenses",
        color: "accent",
        variant: "line",
        isState: true,
      },
      { measure: "activations.active", title: "Devices", color: "good", variant: "line", isState: true },
    ],
    emptyText: "No data in this period.",
    behind: null,
  },
  {
    title: "Sessions",
    measures: [
      { measure: "seats.active", title: "Concurrent", color: "accent", variant: "line", isState: true },
      { measure: "seat.started", title: "Started", color: "good", variant: "bars" },
    ],
    emptyText: "No sessions in this period.",
    behind: eventsOf("seat.started"),
  },
  {
    title: "User sign-ins",
    measures: [
      { measure: "user.signed_in", title: "Signed in", color: "accent", variant: "bars" },
      { measure: "session.reused", title: "Refresh-token reuse", color: "bad", variant: "line" },
    ],
    emptyText: "No sign-ins in this period.",
    behind: eventsOf("user.signed_in"),
  },
  {
    title: "Licenses created and expired",
    measures: [
      { measure: "license.created", title: "Created", color: "accent", variant: "bars" },
      { measure: "license.expired", title: "Expired", color: "warn", variant: "line" },
    ],
    emptyText: "No licenses created or expired in this period.",
    behind: ({ since, until }) =>
      withQuery(addresses.licenses(), { createdSince: since, createdUntil: until }),
  },
  {
    title: "Anomalies and alerts",
    measures: [
      { measure: "activity.suspicious", title: "Anomalies detected", color: "warn", variant: "bars" },
      { measure: "alert.raised", title: "Alerts raised", color: "bad", variant: "line" },
    ],
    emptyText: "No anomalies or alerts in this period.",
    behind: ({ since, until }) => withQuery(addresses.anomalies(), { foundSince: since, foundUntil: until }),
  },
];
