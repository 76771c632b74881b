/* Whether there is a newer release of the app. */
#include <stdlib.h>
#include <string.h>

#include "api.h"

/* An update with its texts behind it. */
static latchkey_update *update_of(const lk_json *answer) {
    const char *texts[3] = {
        lk_text_member(answer, "latest_version"),
        lk_text_member(answer, "download_url"),
        lk_text_member(answer, "release_notes"),
    };
    size_t size = 0;
    for (int index = 0; index < 3; index++) size += texts[index] ? strlen(texts[index]) + 1 : 0;
    latchkey_update *update = calloc(1, sizeof *update + size);
    if (!update) return NULL;
    char *to = (char *)(update + 1);
    for (int index = 0; index < 3; index++) {
        if (!texts[index]) continue;
        size_t length = strlen(texts[index]) + 1;
        memcpy(to, texts[index], length);
        texts[index] = to;
        to += length;
    }
    const lk_json *available = lk_member(answer, "update_available"),
                  *mandatory = lk_member(answer, "is_mandatory");
    update->available = available && available->boolean;
    update->is_mandatory = mandatory && mandatory->boolean;
    update->latest_version = texts[0];
    update->download_url = texts[1];
    update->release_notes = texts[2];
    return update;
}

void latchkey_update_free(latchkey_update *update) {
    free(update);
}

latchkey_result latchkey_client_check_for_update(latchkey_client *client, latchkey_update **update,
                                                 latchkey_error **error) {
    lk_arena arena = {0};
    const lk_json *answer = NULL;
    const char *license_key;
    latchkey_update *found = NULL;
    latchkey_error *failure = lk_kept_key(client, &arena, &license_key);
    if (!failure) {
        lk_text body = {0};
        lk_append_char(&body, '{');
        lk_put_text(&body, "current_version", client->options.app.version);
        lk_put_text(&body, "license_key", license_key);
        failure = lk_post(client, &arena, "/api/version/check", &body, false, &answer);
    }
    if (!failure && !(found = update_of(answer))) failure = lk_error_out_of_memory();
    if (update)
        *update = found;
    else
        latchkey_update_free(found);
    lk_arena_free(&arena);
    return lk_end(failure, error);
}
