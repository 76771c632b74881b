// The path of a request as it is routed: a trailing slash does not matter, and a doubled one makes another address.
import { getPath } from "hono/utils/url";

/** A request's path without a slash at its end: "/api/license/verify" for "/api/license/verify/" too. */
export function pathOf(request: Request): string {
  return withoutTrailingSlash(getPath(request));
}

/** A declared path as it is routed. */
export function withoutTrailingSlash(path: string): string {
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
}

/** Whether a path has an empty part. Handlers that split paths themselves ignore those; such addresses are not found. */
export function hasEmptyPart(request: Request): boolean {
  return getPath(request).includes("//");
}
