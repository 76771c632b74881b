/* License files: checked out and given back, carried in, and asked for without a network. */
#include <math.h>
#include <string.h>

#include "api.h"
#include "license_key.h"
#include "new_file.h"
#include "offline_request.h"

static latchkey_error *not_the_vendors(const char *message) {
    return lk_error(LATCHKEY_ERROR_UNTRUSTED_ANSWER, "UNTRUSTED_ANSWER", message);
}

static latchkey_error *check_out(latchkey_client *client, lk_arena *arena, int64_t ttl, int encrypt) {
    lk_new_file file = {.has_key = true};
    const lk_json *answer;
    latchkey_error *error = lk_kept_key(client, arena, &file.license_key);
    if (error) return error;
    lk_record *record = lk_kept_read(&client->kept);
    lk_text body = {0};
    lk_begin_body(&body, client, file.license_key);
    lk_put_components(&body, client->options.device);
    lk_put_text(&body, "app_version", client->options.app.version);
    if (ttl > 0) lk_put_whole(&body, "ttl", ttl);
    if (encrypt) lk_put_boolean(&body, "encrypt", true);
    if (record && record->file) lk_put_text(&body, "license_file", record->file);
    if (!record) body.failed = true;
    error = lk_post(client, arena, "/api/license/checkout", &body, true, &answer);
    lk_record_free(record);
    if (error) return error;
    file.text = lk_text_member(answer, "license_file");
    if (file.text) file.finding = lk_check_new_file(client, arena, file.text, file.license_key);
    if (arena->failed) return lk_error_out_of_memory();
    if (!file.text || !lk_is_taken(&file.finding))
        return not_the_vendors("The license file is not the vendor's.");
    return lk_kept_change(&client->kept, lk_put_file, &file) ? NULL : lk_error_out_of_memory();
}

latchkey_result latchkey_client_check_out(latchkey_client *client, int64_t ttl, int encrypt,
                                          latchkey_status **status, latchkey_error **error) {
    lk_arena arena = {0};
    latchkey_status *found = NULL;
    latchkey_error *failure = NULL;
    if (ttl < 0) {
        failure = lk_error_invalid("ttl is not a number of seconds.");
    } else {
        lk_lock(&client->turn);
        failure = check_out(client, &arena, ttl, encrypt);
        lk_unlock(&client->turn);
        if (!failure) failure = lk_tell(client, &found);
    }
    lk_arena_free(&arena);
    return lk_end_with(failure, found, status, error);
}

static bool drop_file(lk_record *record, void *context) {
    (void)context;
    record->file = record->list = NULL;
    return true;
}

static latchkey_error *forget_file(latchkey_client *client) {
    return lk_kept_change(&client->kept, drop_file, NULL) ? NULL : lk_error_out_of_memory();
}

latchkey_result latchkey_client_check_in(latchkey_client *client, latchkey_status **status,
                                         latchkey_error **error) {
    return lk_give_back(client, "/api/license/checkin", forget_file, status, error);
}

/* Takes a file by a thread whose turn it is; `is_taken` says whether it did. */
static latchkey_error *install(latchkey_client *client, lk_arena *arena, lk_new_file *file, bool *is_taken) {
    lk_record *record = lk_kept_read(&client->kept);
    if (record && !file->license_key) file->license_key = lk_copy(arena, record->license_key);
    bool has_memory = record != NULL;
    lk_record_free(record);
    file->finding = lk_check_new_file(client, arena, file->text, file->license_key);
    if (!has_memory || arena->failed) return lk_error_out_of_memory();
    *is_taken = lk_is_taken(&file->finding);
    if (!*is_taken) return NULL;
    return lk_kept_change(&client->kept, lk_put_file, file) ? NULL : lk_error_out_of_memory();
}

latchkey_result latchkey_client_install_file(latchkey_client *client, const char *text,
                                             const char *license_key, latchkey_status **status,
                                             latchkey_error **error) {
    lk_arena arena = {0};
    lk_new_file file = {.text = text, .has_key = true};
    latchkey_status *found = NULL;
    latchkey_error *failure = NULL;
    bool is_taken = false;
    if (!text) failure = lk_error_invalid("The text of the file is missing.");
    if (license_key && !lk_is_utf8(license_key, strlen(license_key))) {
        failure = lk_error_invalid("The license key is not UTF-8.");
    }
    if (!failure && license_key) file.license_key = lk_key_to_send(&arena, license_key);
    if (!failure && arena.failed) failure = lk_error_out_of_memory();
    if (!failure) {
        lk_lock(&client->turn);
        failure = install(client, &arena, &file, &is_taken);
        lk_unlock(&client->turn);
    }
    if (!failure && is_taken) {
        failure = lk_tell(client, &found);
    } else if (!failure) {
        latchkey_state state = file.finding.state;
        lk_instead instead = {state, lk_sentence_of(file.finding.reason, state), NULL, false};
        failure = lk_make_status(client, &instead, &found);
    }
    lk_arena_free(&arena);
    return lk_end_with(failure, found, status, error);
}

latchkey_result latchkey_client_install_status_list(latchkey_client *client, const char *list,
                                                    latchkey_status **status, latchkey_error **error) {
    lk_arena arena = {0};
    latchkey_status *found = NULL;
    latchkey_error *failure = NULL;
    if (!list) {
        failure = lk_error_invalid("The status list is missing.");
    } else {
        lk_reason reason = lk_keep_list(client, &arena, list, strlen(list));
        if (arena.failed)
            failure = lk_error_out_of_memory();
        else if (reason) {
            const char *message = lk_format(&arena, "The status list is not the vendor's: %s.", reason);
            failure = message ? not_the_vendors(message) : lk_error_out_of_memory();
        }
    }
    if (!failure) failure = lk_tell(client, &found);
    lk_arena_free(&arena);
    return lk_end_with(failure, found, status, error);
}

latchkey_result latchkey_client_offline_request(latchkey_client *client, const char *typed, int encrypt,
                                                char **text, latchkey_error **error) {
    lk_arena arena = {0};
    lk_text body = {0};
    if (text) *text = NULL;
    if (!typed || !*typed || !lk_is_utf8(typed, strlen(typed)) || !text) {
        return lk_end(lk_error_invalid("The license key is missing, or not UTF-8."), error);
    }
    const char *license_key = lk_key_to_send(&arena, typed);
    if (license_key) {
        lk_begin_body(&body, client, license_key);
        lk_put_components(&body, client->options.device);
        if (*client->options.device_name) lk_put_text(&body, "machine_name", client->options.device_name);
        lk_put_text(&body, "app_version", client->options.app.version);
        if (encrypt) lk_put_boolean(&body, "encrypt", true);
        lk_put_whole(&body, "created_at", (int64_t)floor(lk_now(client)));
        lk_append_char(&body, '}');
        if (!body.failed) *text = lk_write_request(body.bytes, body.length);
    }
    lk_text_free(&body);
    lk_arena_free(&arena);
    return lk_end(*text ? NULL : lk_error_out_of_memory(), error);
}
