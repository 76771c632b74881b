// What is measured over time and shown: how often something happened, and how many of something there were.
import type { Measured } from "../../lib/statistics.ts";

export const charts: { title: string; measures: Measured[]; nothing: string }[] = [
  {
    title: "Heartbeats",
    measures: [{ measure: "heartbeats", title: "Heartbeats", color: "good", look: "line" }],
    nothing: "No app gave a sign of life in this time.",
  },
  {
    title: "Licenses and machines",
    measures: [
      { measure: "licenses.active", title: "Active licenses", color: "accent", look: "line", isState: true },
      { measure: "activations.active", title: "Machines", color: "good", look: "line", isState: true },
    ],
    nothing: "Nothing was counted in this time.",
  },
  {
    title: "Sessions",
    measures: [
      { measure: "seats.active", title: "Held at once", color: "accent", look: "line", isState: true },
      { measure: "seat.started", title: "Started", color: "good", look: "bars" },
    ],
    nothing: "No session was started in this time.",
  },
  {
    title: "Sign-ins of users",
    measures: [
      { measure: "user.signed_in", title: "Signed in", color: "accent", look: "bars" },
      { measure: "session.reused", title: "Stolen tokens refused", color: "bad", look: "line" },
    ],
    nothing: "No user signed in in this time.",
  },
  {
    title: "Licenses made and ended",
    measures: [
      { measure: "license.created", title: "Issued", color: "accent", look: "bars" },
      { measure: "license.expired", title: "Expired", color: "warn", look: "line" },
    ],
    nothing: "No license was issued or expired in this time.",
  },
  {
    title: "Trouble",
    measures: [
      { measure: "activity.suspicious", title: "Anomalies found", color: "warn", look: "bars" },
      { measure: "alert.raised", title: "Alerts raised", color: "bad", look: "line" },
    ],
    nothing: "Nothing unusual happened in this time.",
  },
];
