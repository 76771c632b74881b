// States of webhooks, deliveries and attempts in words.
import { formatInstant } from "../../lib/format.ts";
import type { Outputs } from "../../lib/trpc.ts";
import type { Tone } from "../../ui/Badge.tsx";

export type Webhook = Outputs["webhooks"]["get"];
export type Delivery = Outputs["webhooks"]["delivery"];
export type ListedDelivery = Outputs["webhooks"]["deliveries"]["rows"][number];
export type Attempt = Delivery["attempts"][number];

/** The host of its URL, which is its name when it has no description. */
export function hostOf({ url }: Pick<Webhook, "url">): string {
  return new URL(url).host;
}

export function titleOf(webhook: Webhook): string {
  return webhook.description || hostOf(webhook);
}

/** Whether it is enabled, and why not. */
export function statusOf(webhook: Webhook): { tone: Tone; title: string; description: string | null } {
  switch (webhook.disabledReason) {
    case "person":
      return { tone: "off", title: "Disabled", description: "Disabled by an administrator." };
    case "gone":
      return {
        tone: "bad",
        title: "Disabled (410 Gone)",
        description: "The endpoint returned 410 Gone. Fix the endpoint URL, then enable the webhook.",
      };
    case "failing":
      return {
        tone: "bad",
        title: "Disabled (failing)",
        description: "Deliveries failed for 5 days. Fix the endpoint, then enable the webhook.",
      };
  }
  if (!webhook.failingSince) return { tone: "good", title: "Active", description: null };
  return {
    tone: "warn",
    title: "Failing",
    description: `Failing since ${formatInstant(webhook.failingSince)}. Disabled automatically after 5 days.`,
  };
}

export const deliveryStates: Record<ListedDelivery["state"], { tone: Tone; title: string }> = {
  waiting: { tone: "warn", title: "Pending" },
  delivered: { tone: "good", title: "Delivered" },
  failed: { tone: "bad", title: "Failed" },
};

/** The status of a delivery: "Retrying" once an attempt has failed. */ export function deliveryTitle(
  { state, tries }: Pick<ListedDelivery, "state" | "tries">,
): string {
  return state === "waiting" && tries > 0 ? "Retrying" : deliveryStates[state].title;
}
export function isGood({ status }: Pick<Attempt, "status">): boolean {
  return status !== null && status >= 200 && status < 300;
}

/** The outcome of an attempt. */
export function outcomeOf({ status, error }: Pick<Attempt, "status" | "error">): string {
  if (status === null) return error ?? "No response";
  return `HTTP ${status}`;
}

/** What a response status means here; null when it is self-explanatory. */
export function meaningOf({ status }: Pick<Attempt, "status">): string | null {
  if (status === null) return null;
  if (status >= 200 && status < 300) return "Accepted.";
  if (status >= 300 && status < 400) {
    return "Redirect not followed. Fix the endpoint URL.";
  }
  if (status === 400) return "Bad request. Often the signature check of the endpoint fails.";
  if (status === 401 || status === 403) return "Credentials required. Add them as a custom header.";
  if (status === 404) return "Not found. Check the path of the endpoint URL.";
  if (status === 410) return "410 Gone. The webhook was disabled.";
  if (status === 429) return "Too many requests – will retry.";
  if (status >= 500) return "Server error – will retry.";
  return "Rejected by the endpoint – will retry.";
}
