/* The record in its storage. */
#include "kept_record.h"

#include <stdlib.h>
#include <string.h>

bool lk_kept_init(lk_kept *kept, lk_storage storage) {
    kept->storage = storage;
    kept->error = NULL;
    kept->record = lk_record_new();
    if (!kept->record) return false;
    if (lk_mutex_init(&kept->mutex)) return true;
    lk_record_free(kept->record);
    return false;
}

void lk_kept_destroy(lk_kept *kept) {
    lk_mutex_destroy(&kept->mutex);
    lk_record_free(kept->record);
    free(kept->error);
}

/* Remembers why the storage failed. */
static void set_error(lk_kept *kept, const latchkey_buffer *failure) {
    free(kept->error);
    const char *reason = failure->text.length > 0 && !failure->text.failed ? failure->text.bytes : NULL;
    kept->error = lk_duplicate(reason ? reason : "The license cannot be kept.");
}

/* Reads the storage into kept->record, unless what is in memory is newer. False without memory. */
static bool reload(lk_kept *kept) {
    latchkey_buffer text = {{0}, false}, failure = {{0}, false};
    if (kept->error || !kept->storage.read) return true;
    bool is_read = kept->storage.read(kept->storage.context, &text, &failure) == 0;
    if (!is_read) set_error(kept, &failure);
    bool is_right = true;
    /* A text that was cut, or none: what is in memory is the newest. */
    bool is_whole = is_read && text.is_set && !text.text.failed && text.text.length <= LK_MAX_RECORD &&
                    lk_is_whole_json(text.text.bytes, text.text.length);
    if (is_whole) {
        lk_record *record = lk_record_read(text.text.bytes, text.text.length);
        is_right = record != NULL;
        if (record) {
            /* What was seen is never forgotten while the app runs, even if its file is put back. */
            lk_record_see(record, kept->record);
            is_right = !record->arena.failed;
            if (is_right) {
                lk_record_free(kept->record);
                kept->record = record;
            } else {
                lk_record_free(record);
            }
        }
    }
    lk_text_free(&text.text);
    lk_text_free(&failure.text);
    return is_right;
}

lk_record *lk_kept_read(lk_kept *kept) {
    lk_lock(&kept->mutex);
    lk_record *copy = reload(kept) ? lk_record_copy(kept->record) : NULL;
    lk_unlock(&kept->mutex);
    return copy;
}

/* Writes kept->record. */
static void keep(lk_kept *kept, const char *text) {
    latchkey_buffer failure = {{0}, false};
    if (kept->storage.write(kept->storage.context, text, strlen(text), &failure) == 0) {
        free(kept->error);
        kept->error = NULL;
    } else {
        set_error(kept, &failure);
    }
    lk_text_free(&failure.text);
}

bool lk_kept_change(lk_kept *kept, lk_change change, void *context) {
    lk_lock(&kept->mutex);
    bool is_locked = kept->storage.lock && kept->storage.lock(kept->storage.context) == 0;
    lk_record *next = reload(kept) ? lk_record_copy(kept->record) : NULL;
    bool is_changed = next && change(next, context);
    bool is_right = next && !next->arena.failed;
    char *text = is_right ? lk_record_write(next) : NULL;
    is_right = text != NULL;
    if (is_right && (is_changed || kept->error)) {
        lk_record_free(kept->record);
        kept->record = next;
        next = NULL;
        if (kept->storage.write) keep(kept, text);
    }
    free(text);
    lk_record_free(next);
    if (is_locked && kept->storage.unlock) kept->storage.unlock(kept->storage.context);
    lk_unlock(&kept->mutex);
    return is_right;
}

const char *lk_kept_error(lk_kept *kept, lk_arena *arena) {
    lk_lock(&kept->mutex);
    const char *copy = lk_copy(arena, kept->error);
    lk_unlock(&kept->mutex);
    return copy;
}
