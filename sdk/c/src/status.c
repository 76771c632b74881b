/* The members of a status as the public header has them. */
#include "status.h"

#include <stdlib.h>
#include <string.h>

static void put_whole_or_null(lk_text *out, const char *name, int64_t number) {
    if (number == LATCHKEY_NONE)
        lk_put_text(out, name, NULL);
    else
        lk_put_whole(out, name, number);
}

static char *json_of(const latchkey_status *status) {
    lk_text out = {0};
    lk_append_char(&out, '{');
    lk_put_text(&out, "state", latchkey_state_name(status->state));
    lk_put_boolean(&out, "usable", lk_is_usable(status->state));
    lk_put_text(&out, "reason", status->reason);
    lk_put_text(&out, "code", status->code);
    lk_put_name(&out, "entitlements");
    if (status->entitlements)
        lk_write_json(&out, status->entitlements);
    else
        lk_append_text(&out, "{}");
    put_whole_or_null(&out, "max_users", status->max_users);
    lk_put_text(&out, "license_ends", status->license_ends);
    lk_put_text(&out, "grace_ends", status->grace_ends);
    put_whole_or_null(&out, "file_ends", status->file_ends);
    put_whole_or_null(&out, "checked_at", status->checked_at);
    lk_put_name(&out, "file");
    lk_append_text(&out, status->file_json ? status->file_json : "null");
    lk_put_name(&out, "error");
    lk_append_text(&out, status->error ? status->error->json : "null");
    lk_put_text(&out, "storage_error", status->storage_error);
    lk_append_char(&out, '}');
    return lk_take(&out);
}

bool lk_finish_status(latchkey_status *status) {
    lk_arena *arena = &status->arena;
    if (!lk_is_usable(status->state)) status->entitlements = NULL;
    if (status->file) {
        lk_text out = {0};
        lk_write_json(&out, status->file);
        char *text = lk_take(&out);
        status->file_json = lk_copy(arena, text);
        free(text);
        if (!status->file_json) return false;
    }
    char *json = json_of(status);
    status->json = lk_copy(arena, json);
    free(json);
    return status->json && !arena->failed;
}

latchkey_state latchkey_status_state(const latchkey_status *status) {
    return status->state;
}
int latchkey_status_usable(const latchkey_status *status) {
    return lk_is_usable(status->state);
}
const char *latchkey_status_reason(const latchkey_status *status) {
    return status->reason;
}
const char *latchkey_status_code(const latchkey_status *status) {
    return status->code;
}

int latchkey_status_has_entitlement(const latchkey_status *status, const char *name) {
    return lk_member(status->entitlements, name) != NULL;
}

double latchkey_status_entitlement_number(const latchkey_status *status, const char *name, double otherwise) {
    const lk_json *value = lk_member(status->entitlements, name);
    return value && value->kind == LK_NUMBER ? value->number : otherwise;
}

const char *latchkey_status_entitlement_text(const latchkey_status *status, const char *name) {
    return lk_text_member(status->entitlements, name);
}

int64_t latchkey_status_max_users(const latchkey_status *status) {
    return status->max_users;
}
const char *latchkey_status_license_ends(const latchkey_status *status) {
    return status->license_ends;
}
const char *latchkey_status_grace_ends(const latchkey_status *status) {
    return status->grace_ends;
}
int64_t latchkey_status_file_ends(const latchkey_status *status) {
    return status->file_ends;
}
int64_t latchkey_status_checked_at(const latchkey_status *status) {
    return status->checked_at;
}
const char *latchkey_status_file(const latchkey_status *status) {
    return status->file_json;
}
const latchkey_error *latchkey_status_error(const latchkey_status *status) {
    return status->error;
}
const char *latchkey_status_storage_error(const latchkey_status *status) {
    return status->storage_error;
}
const char *latchkey_status_json(const latchkey_status *status) {
    return status->json;
}

void latchkey_status_free(latchkey_status *status) {
    if (!status) return;
    latchkey_error_free(status->error);
    lk_arena_free(&status->arena);
    free(status);
}
