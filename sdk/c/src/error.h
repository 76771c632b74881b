/* Errors as calls return them. */
#ifndef LK_ERROR_H
#define LK_ERROR_H

#include "../include/latchkey.h"
#include "json.h"

struct latchkey_error {
    lk_arena arena;
    latchkey_result result;
    const char *code;
    const char *message;
    /* A JSON object. */
    const char *details;
    int status;
    const char *request_id;
    /* Negative: none. */
    double retry_after;
    /* The signed refusal of a license key that no license has; NULL for others. */
    const char *signature;
    const char *json;
};

/* Every function here returns the error of a lack of memory instead, when there is none for it; never NULL.
 */
latchkey_error *lk_error(latchkey_result result, const char *code, const char *message);
latchkey_error *lk_error_out_of_memory(void);
latchkey_error *lk_error_invalid(const char *message);
/* A copy with all members of `facts` but its arena and JSON. */
latchkey_error *lk_error_of(const latchkey_error *facts);
/* Ends a call: gives the error to the caller, or frees it. NULL is success. */
latchkey_result lk_end(latchkey_error *error, latchkey_error **out);

#endif
