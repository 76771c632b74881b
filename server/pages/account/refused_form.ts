// What a user entered is refused: the form is shown again, with a sentence that says why.
import { DomainError } from "../../domain/errors.ts";
import { countCredentialFailure } from "../../request/credential_failures.ts";
import type { Answer } from "../../request/endpoint.ts";
import { describeApiError } from "../../request/error_form.ts";
import type { RequestContext } from "../../request/request_context.ts";

/**
 * The page of what was entered, or the form again when it is refused. Refused credentials are counted.
 *
 * @throws RequestError `RATE_LIMITED`, and errors of the server
 */
export async function againWhenRefused(
  request: RequestContext,
  enter: () => Promise<Answer>,
  again: (message: string, status: number, code: DomainError["code"]) => Answer,
): Promise<Answer> {
  try {
    return await enter();
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const { message, status } = describeApiError(error);
    if (status >= 500) throw error;
    const counted = await countCredentialFailure(request, error);
    if (counted !== error) throw counted;
    return again(message, status, error.code);
  }
}
