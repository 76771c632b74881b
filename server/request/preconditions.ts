// Conditional changes, RFC 9110: `ETag` (section 8.8.3) tells the revision of an object, and a change with `If-Match` (section
// 13.1.1) applies to that revision only. The revision covers what can be edited and no counters; so the tag is strong, as
// `If-Match` requires, and no answer may be kept by it: they are `no-store`, and `If-None-Match` is not looked at.
import type { Answer } from "./endpoint.ts";
import type { RequestContext } from "./request_context.ts";
import { refuseInput } from "./request_error.ts";

/**
 * The revisions that `If-Match` names; undefined without one, and for "*", which any existing object matches. Weak tags are in
 * none of them: the comparison is strong (section 8.8.3.2).
 *
 * @throws RequestError INVALID_REQUEST when it is neither "*" nor a list of entity tags
 */
export function namedRevisions(request: RequestContext): readonly string[] | undefined {
  const given = request.header("if-match");
  if (given === null || given.trim() === "*") return undefined;
  return readEntityTags(given) ?? refuseInput({
    field: "If-Match",
    reason: "not_allowed",
    message:
      'If-Match must be * or entity tags in quotes, such as "v4Xk2". Send the ETag as it was received.',
  });
}

/** The strong tags of a list; null when the text is no list of tags, or an empty one. */
export function readEntityTags(text: string): string[] | null {
  // Empty elements are ignored (section 5.6.1.2). Each round takes one element and its comma.
  const element = /[\t ]*(?:(W\/)?"([\x21\x23-\x7e\x80-\xff]*)"[\t ]*)?(?:,|$)/y;
  const strong: string[] = [];
  let isEmpty = true;
  while (element.lastIndex < text.length) {
    const found = element.exec(text);
    if (!found) return null;
    const [, weak, tag] = found;
    if (tag === undefined) continue;
    isEmpty = false;
    if (!weak) strong.push(tag);
  }
  return isEmpty ? null : strong;
}

/** Adds the `ETag` of the object in an answer's body. */
export function withEntityTag(answer: Answer): Answer {
  const { revision } = (answer.body ?? {}) as { revision?: unknown };
  if (typeof revision !== "string") return answer;
  return withTagOf(answer, revision);
}

/** Adds the `ETag` of an object that is not in the answer's body. */
export function withTagOf<Tagged extends Answer>(answer: Tagged, revision: string): Tagged {
  return { ...answer, headers: { ...answer.headers, etag: `"${revision}"` } };
}
