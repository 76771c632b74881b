// The headers of the API description: those of answers, and those that many calls read.
import type { ApiParameter } from "./openapi_types.ts";

const seconds = { type: "integer", minimum: 0 };
const entityTag = '"v4Xk2tq0ZJpYw3nDkU8b1A"';
/** Headers of answers by name. */
export const headers = {
  "X-Request-Id": {
    description: "Request id",
    schema: { type: "string" },
  },
  "RateLimit-Limit": { description: "Requests allowed in the window", schema: seconds },
  "RateLimit-Remaining": { description: "Requests left in the window", schema: seconds },
  "RateLimit-Reset": { description: "Seconds until the window ends", schema: seconds },
  "RateLimit": {
    description: "The limit's name, requests left and seconds until the window ends, as the IETF drafts it",
    schema: { type: "string" },
    example: '"public";r=99;t=60',
  },
  "RateLimit-Policy": {
    description: "The limit's name, requests allowed and seconds of the window, as the IETF drafts it",
    schema: { type: "string" },
    example: '"public";q=100;w=60',
  },
  "ETag": {
    description:
      "Revision of the object's editable values, as a strong entity tag (RFC 9110, section 8.8.3). It is `revision` of the body in quotes",
    schema: { type: "string" },
    example: entityTag,
  },
  "Retry-After": { description: "Seconds to wait before the next request", schema: seconds },
};

export const ifMatch: ApiParameter = {
  name: "If-Match",
  in: "header",
  required: false,
  description:
    "The ETag of the object as it was read, several of them, or * (RFC 9110, section 13.1.1). When the object was changed since, the call is answered 412 and changes nothing",
  schema: { type: "string" },
  example: entityTag,
};

export const idempotencyKey: ApiParameter = {
  name: "Idempotency-Key",
  in: "header",
  required: false,
  description: "Identifies the request, so that a repeated request takes effect once",
  schema: { type: "string", minLength: 1, maxLength: 255 },
};
