/* License files and status lists as they arrive. */
#include "new_file.h"

#include <stdio.h>
#include <string.h>

#include "unicode.h"

lk_finding lk_check_new_file(latchkey_client *client, lk_arena *arena, const char *text,
                             const char *license_key) {
    lk_record *record = lk_kept_read(&client->kept);
    if (!record) arena->failed = true;
    lk_file_check check = {
        .file = text,
        .length = strlen(text),
        .keys = client->options.keys,
        .app = client->options.app,
        .device = client->options.device,
        .license_key = license_key,
        /* After every time that a file can have. */
        .now = 1e15,
        .seq = record ? record->seq : NULL,
        .removed = record ? record->removed : NULL,
    };
    lk_finding finding = lk_check_file(arena, &check);
    lk_record_free(record);
    return finding;
}

bool lk_is_taken(const lk_finding *finding) {
    return finding->claims && finding->state != LATCHKEY_STATE_INVALID &&
           finding->state != LATCHKEY_STATE_WRONG_MACHINE && finding->state != LATCHKEY_STATE_NOT_ACTIVATED;
}

static int64_t number_of(const lk_json *claims, const char *name) {
    return lk_whole(lk_member(claims, name), 0);
}

bool lk_put_file(lk_record *record, void *context) {
    const lk_new_file *file = context;
    char activation[24];
    int64_t iat = number_of(file->finding.claims, "iat");
    snprintf(activation, sizeof activation, "%lld", (long long)number_of(file->finding.claims, "activation"));
    record->file = lk_copy(&record->arena, file->text);
    if (file->has_key) {
        record->license_key = lk_copy(&record->arena, file->license_key);
        record->refusal = NULL;
    }
    if (iat > record->trusted) record->trusted = iat;
    lk_count_up(&record->arena, &record->seq, activation, number_of(file->finding.claims, "seq"), NULL);
    return true;
}

typedef struct new_list {
    const char *text;
    const char *uri;
    int64_t issued_at;
    /* Of other files than that of the record. */
    bool is_foreign;
} new_list;

static bool put_list(lk_record *record, void *context) {
    const new_list *list = context;
    if (list->issued_at > record->trusted) record->trusted = list->issued_at;
    if (list->issued_at < lk_counted(record->lists, list->uri)) return true;
    lk_count_up(&record->arena, &record->lists, list->uri, list->issued_at, NULL);
    /* A list of other files does not replace that of the file. */
    if (!list->is_foreign) record->list = lk_copy(&record->arena, list->text);
    return true;
}

const char *lk_list_address(latchkey_client *client, lk_arena *arena, const lk_record *record) {
    if (!record || !record->file) return NULL;
    lk_finding finding = lk_check_new_file(client, arena, record->file, record->license_key);
    return lk_text_member(lk_member(finding.claims, "status"), "uri");
}

lk_reason lk_keep_list(latchkey_client *client, lk_arena *arena, const char *jws, size_t length) {
    lk_status_list list;
    lk_reason reason = lk_read_status_list(arena, jws, length, &client->options.keys, &list);
    if (reason) return reason;
    if (strlen(list.uri->text) != list.uri->length) return "malformed";
    jws = lk_trim(jws, &length);
    lk_record *record = lk_kept_read(&client->kept);
    const char *own = lk_list_address(client, arena, record);
    lk_record_free(record);
    new_list given = {lk_copy_bytes(arena, jws, length), list.uri->text, list.issued_at,
                      own && strcmp(own, list.uri->text) != 0};
    if (!given.text || !lk_kept_change(&client->kept, put_list, &given)) arena->failed = true;
    return NULL;
}
