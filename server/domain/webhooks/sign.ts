// Signatures by Standard Webhooks (https://www.standardwebhooks.com). The receiver verifies by them who sent a request, and
// that it is not an old one sent again.
import { Buffer } from "node:buffer";
import { randomBytes } from "node:crypto";
import { Webhook } from "standardwebhooks";
import type { Context } from "../context.ts";
import { purposes, type WebhookRow } from "./webhook.ts";

/** A new secret, "whsec_…" with 256 random bits. */
export function generateSecret(): string {
  return `whsec_${randomBytes(32).toString("base64")}`;
}

/** The secrets that sign at present, the newest first. */
export function liveSecrets(ctx: Context, webhook: WebhookRow): string[] {
  const isRotating = webhook.previousSecretUntil !== null && webhook.previousSecretUntil > ctx.now;
  const secrets = isRotating ? [webhook.secret, webhook.previousSecret!] : [webhook.secret];
  return secrets.map((secret) => Buffer.from(ctx.cipher.decrypt(purposes.secret, secret)).toString());
}

/**
 * Makes a function that returns the headers that sign a request, with a signature of each secret.
 *
 * @param secrets decoded once for all requests
 */
export function createSigner(
  secrets: string[],
): (request: { id: string; at: Date; body: string }) => Record<string, string> {
  const webhooks = secrets.map((secret) => new Webhook(secret));
  return ({ id, at, body }) => ({
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
    "webhook-signature": webhooks.map((webhook) => webhook.sign(id, at, body)).join(" "),
  });
}
