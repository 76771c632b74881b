// Why an object was found whose name does not have the text: the value of its metadata that does.
import type { Metadata } from "../metadata.ts";

/** A value of metadata that has the text which was searched for. */
export interface MatchedMetadata {
  key: string;
  value: string | number | boolean;
}

/**
 * The first value of metadata, in the order of the keys, that contains a text without regard to case.
 *
 * @param shown the texts that are shown of the object; null where one of them contains the text
 */
export function matchedMetadataOf(
  q: string,
  metadata: Metadata | null,
  shown: (string | null)[],
): MatchedMetadata | null {
  const has = (text: unknown) => String(text).toLowerCase().includes(q.toLowerCase());
  if (metadata === null || shown.some((text) => text !== null && has(text))) return null;
  const key = Object.keys(metadata).sort().find((key) => has(metadata[key].value));
  return key === undefined ? null : { key, value: metadata[key].value };
}
