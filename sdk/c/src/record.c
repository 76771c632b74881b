/* The record of the license as JSON. */
#include "record.h"

#include <stdlib.h>
#include <string.h>

#include "jws.h"

lk_record *lk_record_new(void) {
    return calloc(1, sizeof(lk_record));
}

void lk_record_free(lk_record *record) {
    if (!record) return;
    lk_arena_free(&record->arena);
    free(record);
}

static void count_all(lk_arena *arena, lk_count **counts, const lk_count *others) {
    for (; others; others = others->next)
        lk_count_up(arena, counts, others->name, others->value, others->code);
}

void lk_record_see(lk_record *record, const lk_record *other) {
    if (other->trusted > record->trusted) record->trusted = other->trusted;
    count_all(&record->arena, &record->seq, other->seq);
    count_all(&record->arena, &record->lists, other->lists);
    count_all(&record->arena, &record->removed, other->removed);
}

static lk_record *whole(lk_record *record) {
    if (!record || !record->arena.failed) return record;
    lk_record_free(record);
    return NULL;
}

lk_record *lk_record_copy(const lk_record *record) {
    lk_record *copy = lk_record_new();
    if (!copy) return NULL;
    copy->license_key = lk_copy(&copy->arena, record->license_key);
    copy->file = lk_copy(&copy->arena, record->file);
    copy->validation = lk_copy(&copy->arena, record->validation);
    copy->refusal = lk_copy(&copy->arena, record->refusal);
    copy->list = lk_copy(&copy->arena, record->list);
    lk_record_see(copy, record);
    return whole(copy);
}

lk_record *lk_record_read(const char *text, size_t length) {
    lk_record *record = lk_record_new();
    lk_arena arena = {0};
    const lk_json *given = lk_json_read(&arena, text, length);
    if (!record || arena.failed) {
        lk_arena_free(&arena);
        lk_record_free(record);
        return NULL;
    }
    record->license_key = lk_copy(&record->arena, lk_text_member(given, "license_key"));
    record->file = lk_copy(&record->arena, lk_text_member(given, "file"));
    record->validation = lk_copy(&record->arena, lk_text_member(given, "validation"));
    record->refusal = lk_copy(&record->arena, lk_text_member(given, "refusal"));
    record->list = lk_copy(&record->arena, lk_text_member(given, "list"));
    const lk_json *trusted = lk_member(given, "trusted");
    record->trusted = lk_is_time(trusted) ? lk_whole(trusted, 0) : 0;
    lk_read_counts(&record->arena, lk_member(given, "seq"), &record->seq);
    lk_read_counts(&record->arena, lk_member(given, "lists"), &record->lists);
    lk_read_removed(&record->arena, lk_member(given, "removed"), &record->removed);
    lk_arena_free(&arena);
    return whole(record);
}

static void put_counts(lk_text *out, const char *name, const lk_count *counts, bool is_removed) {
    lk_put_name(out, name);
    lk_append_char(out, '{');
    for (; counts; counts = counts->next) {
        if (is_removed) {
            lk_put_name(out, counts->name);
            lk_append_char(out, '{');
            lk_put_whole(out, "seq", counts->value);
            lk_put_text(out, "code", counts->code ? counts->code : "");
            lk_append_char(out, '}');
        } else {
            lk_put_whole(out, counts->name, counts->value);
        }
    }
    lk_append_char(out, '}');
}

char *lk_record_write(const lk_record *record) {
    lk_text out = {0};
    lk_append_char(&out, '{');
    lk_put_whole(&out, "format", 1);
    lk_put_text(&out, "license_key", record->license_key);
    lk_put_text(&out, "file", record->file);
    lk_put_text(&out, "validation", record->validation);
    lk_put_text(&out, "refusal", record->refusal);
    lk_put_whole(&out, "trusted", record->trusted);
    put_counts(&out, "seq", record->seq, false);
    put_counts(&out, "lists", record->lists, false);
    put_counts(&out, "removed", record->removed, true);
    lk_put_text(&out, "list", record->list);
    lk_append_text(&out, "}\n");
    return lk_take(&out);
}

void lk_record_forget(lk_record *record) {
    record->license_key = record->file = record->validation = record->refusal = record->list = NULL;
}

bool lk_is_whole_json(const char *text, size_t length) {
    lk_arena arena = {0};
    bool is_whole = text && lk_json_read(&arena, text, length) != NULL;
    lk_arena_free(&arena);
    return is_whole;
}
