// Signatures by Standard Webhooks (https://www.standardwebhooks.com): HMAC-SHA256 over id, time and body. The receiver
// knows by them who sent a request, and that it is no old one sent again.
import { Buffer } from "node:buffer";
import { createHmac, randomBytes } from "node:crypto";
import type { Context } from "../context.ts";
import { sealedFor, type WebhookRow } from "./webhook.ts";

const PREFIX = "whsec_";

/** A new secret, "whsec_…" with 256 random bits. */
export function generateSecret(): string {
  return PREFIX + randomBytes(32).toString("base64");
}

/** The secrets that sign at present, the newest first. */
export function liveSecrets(ctx: Context, webhook: WebhookRow): string[] {
  const isLive = webhook.previousSecretUntil !== null && webhook.previousSecretUntil > ctx.now;
  const sealed = isLive ? [webhook.secret, webhook.previousSecret!] : [webhook.secret];
  return sealed.map((secret) => Buffer.from(ctx.cipher.decrypt(sealedFor.secret, secret)).toString());
}

/**
 * The headers that sign a request.
 *
 * @param id the same on every attempt
 * @param at when it is sent
 */
export function signatureHeaders(
  secrets: string[],
  { id, at, body }: { id: string; at: Date; body: string },
): Record<string, string> {
  const seconds = String(Math.floor(at.getTime() / 1000));
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(PREFIX.length), "base64");
    return `v1,${createHmac("sha256", key).update(`${id}.${seconds}.${body}`).digest("base64")}`;
  });
  return {
    "webhook-id": id,
    "webhook-timestamp": seconds,
    "webhook-signature": signatures.join(" "),
  };
}
