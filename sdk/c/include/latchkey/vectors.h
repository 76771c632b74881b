/**
 * @file vectors.h
 * @brief What the cases in sdk/vectors check, as functions from JSON to JSON. For tests of this library and
 * of its bindings; apps do not need it.
 */
#ifndef LATCHKEY_VECTORS_H
#define LATCHKEY_VECTORS_H

#include "result.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * What comes of a case: by its kind, what is given and the result.
 *
 * - `file`: file, keys, app, device, now, kept, lists. `{"state", "reason"}`
 * - `validation`: signature, keys, nonce, license_key, fingerprint, product. `{"code"}` or `{"reason"}`
 * - `license_key`: a text. `{"text", "canonical", "checksum_mismatch"}`, or null
 * - `version`: version, range. true or false
 * - `offline_request`: members of the request. A text
 * - `retry`: now, outcomes, random. `{"delays", "status"}`
 * - `removal_code`: activation, seq, removal. A text
 * - `device`: product, parts. `{"fingerprint", "components"}`, or null
 * - `record`: the text of a record. The text of the record as it is written again
 *
 * @param kind one of these
 * @param given the JSON of `given`
 * @param result the JSON of what comes of it, to be freed with latchkey_free()
 * @return ::LATCHKEY_ERROR_INVALID_ARGUMENT for another kind, or what is no JSON of that kind
 */
LATCHKEY_API latchkey_result latchkey_check_vector(const char *kind, const char *given, char **result,
                                                   latchkey_error **error);

#ifdef __cplusplus
}
#endif

#endif
