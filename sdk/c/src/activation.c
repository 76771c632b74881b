/* Activating a license on this device, and giving the device back. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api.h"
#include "license_key.h"
#include "new_file.h"
#include "refresh.h"

static bool put_key(lk_record *record, void *context) {
    const char *license_key = context;
    record->refusal = NULL;
    if (lk_equal(record->license_key, license_key)) return true;
    lk_record_forget(record);
    record->license_key = lk_copy(&record->arena, license_key);
    return true;
}

static bool forget(lk_record *record, void *context) {
    (void)context;
    lk_record_forget(record);
    return true;
}

/* Activates by a thread whose turn it is. */
static latchkey_error *activate(latchkey_client *client, lk_arena *arena, const char *license_key) {
    const lk_json *answer;
    lk_text body = {0};
    lk_begin_body(&body, client, license_key);
    lk_put_text(&body, "machine_name", client->options.device_name);
    lk_put_text(&body, "app_version", client->options.app.version);
    lk_put_components(&body, client->options.device);
    latchkey_error *error = lk_post(client, arena, "/api/license/activate", &body, true, &answer);
    if (error) return error;
    if (!lk_kept_change(&client->kept, put_key, (void *)(uintptr_t)license_key))
        return lk_error_out_of_memory();
    return lk_refresh_in_turn(client);
}

/* The status of a refusal that is about the license. NULL for other errors. */
static bool is_about_license(const latchkey_error *error, lk_instead *instead) {
    if (latchkey_error_result(error) != LATCHKEY_ERROR_REFUSED) return false;
    if (!lk_state_of_code(error->code, &instead->state)) return false;
    instead->reason = error->message;
    instead->code = error->code;
    /* A license that the device has already stays. */
    instead->unless_usable = true;
    return true;
}

latchkey_result latchkey_client_activate(latchkey_client *client, const char *typed, latchkey_status **status,
                                         latchkey_error **error) {
    lk_arena arena = {0};
    lk_instead instead;
    latchkey_status *found = NULL;
    latchkey_error *failure = NULL;
    bool is_text = typed && *typed && lk_is_utf8(typed, strlen(typed));
    const char *license_key = is_text ? lk_key_to_send(&arena, typed) : NULL;
    if (!is_text)
        failure = lk_error_invalid("The license key is missing, or not UTF-8.");
    else if (!license_key)
        failure = lk_error_out_of_memory();
    if (!failure) {
        lk_lock(&client->turn);
        failure = activate(client, &arena, license_key);
        lk_unlock(&client->turn);
        if (!failure) {
            failure = lk_tell(client, &found);
        } else if (is_about_license(failure, &instead)) {
            latchkey_error *refusal = failure;
            lk_set_error(client, refusal);
            failure = lk_make_status(client, &instead, &found);
            latchkey_error_free(refusal);
        }
    }
    lk_arena_free(&arena);
    return lk_end_with(failure, found, status, error);
}

/* Forgets the license twice, so that the copy of the record has none of it either. */
static latchkey_error *forget_license(latchkey_client *client, lk_change change, void *context) {
    bool is_right =
        lk_kept_change(&client->kept, change, context) && lk_kept_change(&client->kept, forget, NULL);
    lk_set_error(client, NULL);
    lk_lock(&client->mutex);
    client->lease_ends = -1;
    lk_unlock(&client->mutex);
    return is_right ? NULL : lk_error_out_of_memory();
}

latchkey_result lk_give_back(latchkey_client *client, const char *path,
                             latchkey_error *(*forget_it)(latchkey_client *client), latchkey_status **status,
                             latchkey_error **error) {
    lk_arena arena = {0};
    latchkey_status *found = NULL;
    const char *license_key;
    const lk_json *answer;
    lk_lock(&client->turn);
    latchkey_error *failure = lk_kept_key(client, &arena, &license_key);
    if (!failure) {
        lk_text body = {0};
        lk_begin_body(&body, client, license_key);
        failure = lk_post(client, &arena, path, &body, true, &answer);
    }
    if (!failure) failure = forget_it(client);
    lk_unlock(&client->turn);
    if (!failure) failure = lk_tell(client, &found);
    lk_arena_free(&arena);
    return lk_end_with(failure, found, status, error);
}

static latchkey_error *forget_all(latchkey_client *client) {
    return forget_license(client, forget, NULL);
}

latchkey_result latchkey_client_deactivate(latchkey_client *client, latchkey_status **status,
                                           latchkey_error **error) {
    return lk_give_back(client, "/api/license/deactivate", forget_all, status, error);
}

typedef struct removal {
    char activation[24];
    int64_t seq;
    const char *code;
} removal;

static bool put_removal(lk_record *record, void *context) {
    const removal *given = context;
    lk_record_forget(record);
    lk_count_up(&record->arena, &record->removed, given->activation, given->seq, given->code);
    return true;
}

/* The removal code of the license file; or that of the last one that was given back, where there is no
 * license. */
static latchkey_error *find_removal(latchkey_client *client, lk_arena *arena, const lk_record *record,
                                    removal *found) {
    memset(found, 0, sizeof *found);
    lk_finding finding = {LATCHKEY_STATE_INVALID, NULL, NULL};
    if (record->file) finding = lk_check_new_file(client, arena, record->file, record->license_key);
    if (arena->failed) return lk_error_out_of_memory();
    if (lk_is_taken(&finding)) {
        int64_t activation = lk_whole(lk_member(finding.claims, "activation"), 0);
        snprintf(found->activation, sizeof found->activation, "%lld", (long long)activation);
        found->seq = lk_whole(lk_member(finding.claims, "seq"), 0);
        found->code =
            lk_removal_code(arena, activation, found->seq, lk_text_member(finding.claims, "removal"));
        return found->code ? NULL : lk_error_out_of_memory();
    }
    /* The file that was given back may have been put into its place again. */
    bool is_removed = lk_equal(finding.reason, "removed");
    bool has_license = (record->license_key || record->validation) && !is_removed;
    for (const lk_count *removed = has_license ? NULL : record->removed; removed; removed = removed->next) {
        if (!removed->code || !*removed->code || removed->value < found->seq) continue;
        snprintf(found->activation, sizeof found->activation, "%s", removed->name);
        found->seq = removed->value;
        found->code = lk_copy(arena, removed->code);
    }
    if (arena->failed) return lk_error_out_of_memory();
    if (found->code) return NULL;
    return lk_error(LATCHKEY_ERROR_NOT_ACTIVATED, "NOT_ACTIVATED",
                    "There is no license file on this device, of which a removal code could be made.");
}

latchkey_result latchkey_client_deactivate_offline(latchkey_client *client, char **code,
                                                   latchkey_error **error) {
    lk_arena arena = {0};
    removal found;
    if (code) *code = NULL;
    lk_lock(&client->turn);
    lk_record *record = lk_kept_read(&client->kept);
    latchkey_error *failure =
        record ? find_removal(client, &arena, record, &found) : lk_error_out_of_memory();
    char *copy = failure ? NULL : lk_duplicate(found.code);
    if (!failure && !copy) failure = lk_error_out_of_memory();
    if (!failure) failure = forget_license(client, put_removal, &found);
    lk_record_free(record);
    lk_unlock(&client->turn);
    if (!failure) failure = lk_tell(client, NULL);
    lk_arena_free(&arena);
    if (!failure && code)
        *code = copy;
    else
        free(copy);
    return lk_end(failure, error);
}
