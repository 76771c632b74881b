// The outcome of a logged request in words: the catalogue of errors says what happened and what to do about it.
import type { ListedApiRequest } from "../domain/api_requests/list.ts";
import type { Page } from "../domain/lists.ts";
import { remedies } from "./error_remedies.ts";

/** A request with the meaning of its code; null where it succeeded, or the code is not known any more. */
export type ExplainedApiRequest = ListedApiRequest & { cause: string | null; remedy: string | null };

export function explainOutcome(request: ListedApiRequest): ExplainedApiRequest {
  const { code } = request;
  const known = code !== null && Object.hasOwn(remedies, code)
    ? remedies[code as keyof typeof remedies]
    : null;
  return { ...request, cause: known?.cause ?? null, remedy: known?.remedy ?? null };
}

export function explainOutcomes({ rows, ...page }: Page<ListedApiRequest>): Page<ExplainedApiRequest> {
  return { ...page, rows: rows.map(explainOutcome) };
}
