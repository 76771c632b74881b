// The body of a webhook is written by a dialect, which is stored with the endpoint.
import type { DeliveredEvent } from "./deliver.ts";

/** Writes the body of a webhook; the same for every attempt. */
export type WebhookFormat = (event: DeliveredEvent) => string;

/**
 * The formats by the name of their dialect. Programs pass them in, as the domain does not depend on dialects.
 */
export type WebhookFormats = Readonly<Record<string, WebhookFormat>>;

/** @throws Error when no dialect has that format */
export function webhookFormatOf(formats: WebhookFormats, name: string): WebhookFormat {
  const format = formats[name];
  if (!format) throw new Error(`There is no webhook format "${name}".`);
  return format;
}
