// Descriptions of API requests.
import { emptyValue, formatNumber } from "../../lib/format.ts";
import type { ApiRequest } from "./RequestOutcome.tsx";

const kinds: Record<string, string> = {
  api_key: "API key",
  user: "User",
  administrator: "Member",
  anonymous: "Unauthenticated",
};

/** Who sent a request: "API key Desktop app". */
export function describeCaller({ actorKind, actorName, actorId }: ApiRequest): string {
  const kind = kinds[actorKind] ?? actorKind;
  return actorId === null ? kind : `${kind} ${actorName ?? actorId}`;
}

/** Whether only some of the requests of its second are in the log. */
export function isSampled({ seen, kept }: Pick<ApiRequest, "seen" | "kept">): boolean {
  return kept < seen;
}

/** "10 of 412 kept" */
export function describeSample({ seen, kept }: Pick<ApiRequest, "seen" | "kept">): string {
  return `${formatNumber(kept)} of ${formatNumber(seen)} kept`;
}

/** "12 ms" */
export function formatMilliseconds(milliseconds: number): string {
  if (!Number.isFinite(milliseconds)) return emptyValue;
  return `${
    formatNumber(milliseconds < 10 ? Math.round(milliseconds * 10) / 10 : Math.round(milliseconds))
  } ms`;
}
