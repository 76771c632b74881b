/* Errors, and their members as the public header has them. */
#include "error.h"

#include <stdlib.h>
#include <string.h>

/* What is said when there is no memory for an error; it is never freed. */
static const char no_memory_json[] =
    "{\"code\":\"OUT_OF_MEMORY\",\"message\":\"There is no memory.\",\"details\":{},\"status\":0,"
    "\"request_id\":null,\"retry_after\":null}";
static latchkey_error no_memory = {
    {NULL, false},
    LATCHKEY_ERROR_OUT_OF_MEMORY,
    "OUT_OF_MEMORY",
    "There is no memory.",
    "{}",
    0,
    NULL,
    -1,
    NULL,
    no_memory_json,
};

latchkey_error *lk_error_out_of_memory(void) {
    return &no_memory;
}

static char *json_of(const latchkey_error *error) {
    lk_text out = {0};
    lk_append_char(&out, '{');
    lk_put_text(&out, "code", error->code);
    lk_put_text(&out, "message", error->message);
    lk_put_name(&out, "details");
    lk_append_text(&out, error->details);
    lk_put_whole(&out, "status", error->status);
    lk_put_text(&out, "request_id", error->request_id);
    lk_put_name(&out, "retry_after");
    if (error->retry_after < 0)
        lk_append_text(&out, "null");
    else
        lk_write_number(&out, error->retry_after);
    lk_append_char(&out, '}');
    return lk_take(&out);
}

latchkey_error *lk_error_of(const latchkey_error *facts) {
    latchkey_error *error = facts == &no_memory ? NULL : calloc(1, sizeof *error);
    if (!error) return &no_memory;
    *error = *facts;
    memset(&error->arena, 0, sizeof error->arena);
    error->code = lk_copy(&error->arena, facts->code);
    error->message = lk_copy(&error->arena, facts->message);
    error->details = lk_copy(&error->arena, facts->details ? facts->details : "{}");
    error->request_id = lk_copy(&error->arena, facts->request_id);
    error->signature = lk_copy(&error->arena, facts->signature);
    char *json = error->arena.failed ? NULL : json_of(error);
    error->json = lk_copy(&error->arena, json);
    free(json);
    if (error->json) return error;
    latchkey_error_free(error);
    return &no_memory;
}

latchkey_error *lk_error(latchkey_result result, const char *code, const char *message) {
    const latchkey_error facts = {.result = result, .code = code, .message = message, .retry_after = -1};
    return lk_error_of(&facts);
}

latchkey_error *lk_error_invalid(const char *message) {
    return lk_error(LATCHKEY_ERROR_INVALID_ARGUMENT, "INVALID_ARGUMENT", message);
}

latchkey_result lk_end(latchkey_error *error, latchkey_error **out) {
    if (out) *out = error;
    if (!error) return LATCHKEY_OK;
    latchkey_result result = error->result;
    if (!out) latchkey_error_free(error);
    return result;
}

latchkey_result latchkey_error_result(const latchkey_error *error) {
    return error->result;
}
const char *latchkey_error_code(const latchkey_error *error) {
    return error->code;
}
const char *latchkey_error_message(const latchkey_error *error) {
    return error->message;
}
const char *latchkey_error_details(const latchkey_error *error) {
    return error->details;
}
int latchkey_error_status(const latchkey_error *error) {
    return error->status;
}
const char *latchkey_error_request_id(const latchkey_error *error) {
    return error->request_id;
}
double latchkey_error_retry_after(const latchkey_error *error) {
    return error->retry_after;
}
const char *latchkey_error_json(const latchkey_error *error) {
    return error->json;
}

void latchkey_error_free(latchkey_error *error) {
    if (!error || error == &no_memory) return;
    lk_arena_free(&error->arena);
    free(error);
}

const char *latchkey_version(void) {
    return LATCHKEY_VERSION;
}

void latchkey_free(char *text) {
    free(text);
}
