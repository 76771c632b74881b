// The charts of the monitoring page.
import type { Measure } from "../../features/statistics/statistics.ts";

export const charts: { title: string; measures: Measure[]; emptyText: string }[] = [
  {
    title: "Heartbeats",
    measures: [{ measure: "heartbeats", title: "Heartbeats", color: "good", variant: "line" }],
    emptyText: "No app sent a heartbeat in this time.",
  },
  {
    title: "Licenses and machines",
    measures: [
      {
        measure: "licenses.active",
        title: "Active licenses",
        color: "accent",
        variant: "line",
        isState: true,
      },
      { measure: "activations.active", title: "Machines", color: "good", variant: "line", isState: true },
    ],
    emptyText: "Nothing was counted in this time.",
  },
  {
    title: "Sessions",
    measures: [
      { measure: "seats.active", title: "Held at once", color: "accent", variant: "line", isState: true },
      { measure: "seat.started", title: "Started", color: "good", variant: "bars" },
    ],
    emptyText: "No session was started in this time.",
  },
  {
    title: "Sign-ins of users",
    measures: [
      { measure: "user.signed_in", title: "Signed in", color: "accent", variant: "bars" },
      { measure: "session.reused", title: "Stolen tokens refused", color: "bad", variant: "line" },
    ],
    emptyText: "No user signed in in this time.",
  },
  {
    title: "Licenses made and ended",
    measures: [
      { measure: "license.created", title: "Issued", color: "accent", variant: "bars" },
      { measure: "license.expired", title: "Expired", color: "warn", variant: "line" },
    ],
    emptyText: "No license was issued or expired in this time.",
  },
  {
    title: "Trouble",
    measures: [
      { measure: "activity.suspicious", title: "Anomalies found", color: "warn", variant: "bars" },
      { measure: "alert.raised", title: "Alerts raised", color: "bad", variant: "line" },
    ],
    emptyText: "Nothing unusual happened in this time.",
  },
];
