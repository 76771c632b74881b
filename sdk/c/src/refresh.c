/* One refresh. */
#include "refresh.h"

#include <stdlib.h>
#include <string.h>

#include "api.h"
#include "dates.h"
#include "new_file.h"
#include "signed_validation.h"

/* Gets the status list of the file and keeps it. Without one nothing changes. */
static void refresh_list(latchkey_client *client, lk_arena *arena, const lk_record *record) {
    const char *uri = lk_list_address(client, arena, record);
    lk_text text = {0};
    if (!uri || (strncmp(uri, "https://", 8) != 0 && strncmp(uri, "http://", 7) != 0)) return;
    latchkey_error *error = lk_get_text(client, uri, &text);
    if (!error && text.bytes) lk_keep_list(client, arena, text.bytes, text.length);
    latchkey_error_free(error);
    lk_text_free(&text);
}

typedef struct answer {
    const char *license_key;
    const char *signature;
    int64_t issued_at;
    lk_new_file file;
} answer;

static bool put_answer(lk_record *record, void *context) {
    answer *given = context;
    /* Another license was activated meanwhile. */
    if (!lk_equal(record->license_key, given->license_key)) return false;
    record->validation = lk_copy(&record->arena, given->signature);
    record->refusal = NULL;
    if (given->issued_at > record->trusted) record->trusted = given->issued_at;
    if (given->file.text) lk_put_file(record, &given->file);
    return true;
}

static latchkey_error *not_believed(lk_arena *arena, lk_reason reason) {
    const latchkey_error facts = {
        .result = LATCHKEY_ERROR_UNTRUSTED_ANSWER,
        .code = "UNTRUSTED_ANSWER",
        .message = reason ? lk_format(arena, "The answer is not believed: %s.", reason)
                          : "The answer is not signed.",
        .status = 200,
        .retry_after = -1,
    };
    return facts.message ? lk_error_of(&facts) : lk_error_out_of_memory();
}

/* Asks the server. A refusal that is signed is no error. */
static latchkey_error *ask(latchkey_client *client, lk_arena *arena, const lk_record *record,
                           const char *nonce, const lk_json **body, const char **signature) {
    lk_text sent = {0};
    lk_begin_body(&sent, client, record->license_key);
    lk_put_text(&sent, "app_version", client->options.app.version);
    lk_put_components(&sent, client->options.device);
    lk_put_text(&sent, "nonce", nonce);
    if (record->file)
        lk_put_text(&sent, "file", record->file);
    else
        lk_put_boolean(&sent, "file", true);
    latchkey_error *error = lk_post(client, arena, "/api/license/verify", &sent, false, body);
    *signature = error ? lk_copy(arena, error->signature) : lk_text_member(*body, "signature");
    if (!error || !*signature) return error;
    latchkey_error_free(error);
    return NULL;
}

/* Refreshes a license; `error` takes what is kept for the status. False without memory. */
static bool refresh_license(latchkey_client *client, lk_arena *arena, const lk_record *record,
                            latchkey_error **error, double *lease_ends) {
    const lk_json *body = NULL, *claims = NULL;
    answer given = {0};
    const char *nonce = lk_random_text(client, arena, false);
    if (!nonce) {
        *error = arena->failed ? NULL : lk_error_invalid("There are no random bytes.");
        return !arena->failed;
    }
    *error = ask(client, arena, record, nonce, &body, &given.signature);
    if (*error) {
        /* The API key may have been replaced: the list needs none. */
        if (latchkey_error_status(*error) != 0) refresh_list(client, arena, record);
        return latchkey_error_result(*error) != LATCHKEY_ERROR_OUT_OF_MEMORY;
    }
    lk_reason reason = NULL;
    if (given.signature) {
        lk_sent sent = {nonce, record->license_key, client->options.device->fingerprint,
                        client->options.app.product};
        reason = lk_read_validation(arena, given.signature, strlen(given.signature), &sent,
                                    &client->options.keys, &claims);
    }
    if (!claims) {
        *error = arena->failed ? NULL : not_believed(arena, reason);
        return *error != NULL;
    }
    const char *text = lk_text_member(body, "license_file");
    if (text) {
        given.file.finding = lk_check_new_file(client, arena, text, record->license_key);
        if (lk_is_taken(&given.file.finding)) given.file.text = text;
    }
    given.license_key = record->license_key;
    given.issued_at = lk_whole(lk_member(claims, "iat"), 0);
    *lease_ends = lk_read_date(lk_text_member(body, "lease_ends"));
    return !arena->failed && lk_kept_change(&client->kept, put_answer, &given);
}

/* Asks for the status list again, where the one that is kept contradicts what the server has just said. */
static bool check_list(latchkey_client *client, lk_arena *arena) {
    latchkey_status *status = NULL;
    latchkey_error *error = lk_make_status(client, NULL, &status);
    lk_record *record = NULL;
    if (status && latchkey_status_state(status) == LATCHKEY_STATE_REVOKED) {
        record = lk_kept_read(&client->kept);
        if (record) refresh_list(client, arena, record);
    }
    bool is_right = !error && !arena->failed;
    latchkey_error_free(error);
    latchkey_status_free(status);
    lk_record_free(record);
    return is_right;
}

latchkey_error *lk_refresh_in_turn(latchkey_client *client) {
    lk_arena arena = {0};
    latchkey_error *error = NULL;
    double lease_ends = -1;
    lk_record *record = lk_kept_read(&client->kept);
    bool is_right = record != NULL;
    /* Without a license key nothing is asked. */
    if (record && record->license_key)
        is_right = refresh_license(client, &arena, record, &error, &lease_ends);
    if (is_right && !error && record->license_key) is_right = check_list(client, &arena);
    lk_set_error(client, error);
    if (!error) {
        lk_lock(&client->mutex);
        client->lease_ends = lease_ends;
        lk_unlock(&client->mutex);
    }
    latchkey_error_free(error);
    lk_record_free(record);
    lk_arena_free(&arena);
    return is_right ? NULL : lk_error_out_of_memory();
}

latchkey_error *lk_refresh_once(latchkey_client *client, latchkey_status **status) {
    lk_lock(&client->mutex);
    bool is_first = !client->is_refreshing;
    if (is_first) {
        client->is_refreshing = true;
    } else {
        unsigned number = client->refreshes;
        while (client->refreshes == number) lk_wait(&client->changed, &client->mutex, -1);
    }
    lk_unlock(&client->mutex);
    if (!is_first) return status ? lk_make_status(client, NULL, status) : NULL;
    lk_lock(&client->turn);
    latchkey_error *error = lk_refresh_in_turn(client);
    lk_unlock(&client->turn);
    lk_lock(&client->mutex);
    client->is_refreshing = false;
    client->refreshes++;
    lk_wake_all(&client->changed);
    lk_unlock(&client->mutex);
    if (error) return error;
    return lk_tell(client, status);
}

latchkey_result latchkey_client_refresh(latchkey_client *client, latchkey_status **status,
                                        latchkey_error **error) {
    latchkey_status *found = NULL;
    latchkey_error *failure = lk_refresh_once(client, status ? &found : NULL);
    return lk_end_with(failure, found, status, error);
}
