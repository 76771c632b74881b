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
      return { tone: "off", title: "Off", description: "An administrator disabled it." };
    case "gone":
      return {
        tone: "bad",
        title: "Off: gone",
        description: "It answered 410, “gone”, and so was disabled. Correct its address, then enable it.",
      };
    case "failing":
      return {
        tone: "bad",
        title: "Off: failed",
        description: "Nothing reached it for five days, and so it was disabled. Mend it, then enable it.",
      };
  }
  if (!webhook.failingSince) return { tone: "good", title: "On", description: null };
  return {
    tone: "warn",
    title: "On, failing",
    description: `Nothing has reached it since ${formatInstant(webhook.failingSince)}. ` +
      "After five days of that it is disabled.",
  };
}

export const deliveryStates: Record<ListedDelivery["state"], { tone: Tone; title: string }> = {
  waiting: { tone: "warn", title: "Waiting" },
  delivered: { tone: "good", title: "Delivered" },
  failed: { tone: "bad", title: "Given up" },
};

export function isGood({ status }: Pick<Attempt, "status">): boolean {
  return status !== null && status >= 200 && status < 300;
}

/** The outcome of an attempt. */
export function outcomeOf({ status, error }: Pick<Attempt, "status" | "error">): string {
  if (status === null) return error ?? "No answer";
  return `HTTP ${status}`;
}

/** What a response status means here; null when it is self-explanatory. */
export function meaningOf({ status }: Pick<Attempt, "status">): string | null {
  if (status === null) return null;
  if (status >= 200 && status < 300) return "Taken.";
  if (status >= 300 && status < 400) {
    return "It leads elsewhere. Redirects are not followed: correct the address.";
  }
  if (status === 400) return "The endpoint did not accept it. Often its check of the signature fails.";
  if (status === 401 || status === 403) return "The endpoint wants credentials. Put them into a header.";
  if (status === 404) return "There is nothing at this address. Check its path.";
  if (status === 410) return "The endpoint wants no more, ever. That disables the webhook.";
  if (status === 429) return "The endpoint has too much to do. It is tried again later.";
  if (status >= 500) return "The endpoint failed inside. It is tried again later.";
  return "The endpoint refused it. It is tried again later.";
}
