/* A file in which the license is kept. It is replaced as a whole, and two processes take turns. */
#include "storage.h"

#include <string.h>

#include "crypto.h"
#include "file_system.h"
#include "platform.h"
#include "record.h"

/* A lock that is older was left by a process that ended; seconds. */
static const double LOCK_AGE = 10;
/* How long another process is waited for; seconds. */
static const double LOCK_WAIT = 3;

static lk_file_result read_path(const char *path, lk_text *text, lk_text *failure) {
    lk_text_free(text);
    return lk_file_read(path, LK_MAX_RECORD + 1, text, failure);
}

static bool is_whole(const lk_text *text) {
    return !text->failed && text->length <= LK_MAX_RECORD && lk_is_whole_json(text->bytes, text->length);
}

static int read_file(void *context, latchkey_buffer *text, latchkey_buffer *failure) {
    lk_arena arena = {0};
    lk_text found = {0};
    const char *path = context;
    lk_file_result result = read_path(path, &found, &failure->text);
    if (result != LK_FILE_FAILED && !(result == LK_FILE_OK && is_whole(&found))) {
        /* The file was cut or removed: the one before it is whole. */
        const char *previous = lk_format(&arena, "%s.previous", path);
        if (previous) result = read_path(previous, &found, &failure->text);
    }
    if (result == LK_FILE_OK && is_whole(&found)) latchkey_buffer_set(text, found.bytes, found.length);
    lk_text_free(&found);
    lk_arena_free(&arena);
    return result == LK_FILE_FAILED ? -1 : 0;
}

/* A name that no other process chooses at the same time. NULL without memory or random bytes. */
static const char *temporary_name(lk_arena *arena, const char *path) {
    unsigned char bytes[8];
    lk_text hex = {0};
    if (lk_system_random(NULL, bytes, sizeof bytes) != 0) return NULL;
    lk_write_hex(&hex, bytes, sizeof bytes);
    const char *name = hex.failed ? NULL : lk_format(arena, "%s.%s", path, hex.bytes);
    lk_text_free(&hex);
    return name;
}

static int write_file(void *context, const char *text, size_t length, latchkey_buffer *failure) {
    lk_arena arena = {0};
    lk_text found = {0}, ignored = {0};
    const char *path = context;
    const char *previous = lk_format(&arena, "%s.previous", path);
    const char *temporary = temporary_name(&arena, path);
    bool is_kept = false;
    lk_file_make_folders(path);
    if (previous && temporary) {
        lk_file_result result = lk_file_write_new(temporary, text, length, &failure->text);
        if (result == LK_FILE_OK) {
            bool has_one = read_path(path, &found, &ignored) == LK_FILE_OK && is_whole(&found);
            if (has_one) result = lk_file_rename(path, previous, &failure->text);
            if (result == LK_FILE_OK) result = lk_file_rename(temporary, path, &failure->text);
            if (result != LK_FILE_OK) lk_file_remove(temporary);
        }
        is_kept = result == LK_FILE_OK;
    }
    lk_text_free(&found);
    lk_text_free(&ignored);
    lk_arena_free(&arena);
    return is_kept ? 0 : -1;
}

/* Locks by a file that only one process can create. Where none can be created, there is nothing to take turns
 * for. */
static int lock_file(void *context) {
    lk_arena arena = {0};
    lk_text failure = {0};
    const char *path = lk_format(&arena, "%s.lock", (const char *)context);
    double until = lk_monotonic() + LOCK_WAIT;
    lk_file_make_folders(context);
    int result = -1;
    while (path) {
        lk_file_result made = lk_file_write_new(path, "", 0, &failure);
        if (made == LK_FILE_OK) result = 0;
        if (made != LK_FILE_EXISTS) break;
        if (lk_file_age(path) > LOCK_AGE) {
            lk_file_remove(path);
        } else if (lk_monotonic() > until) {
            break;
        } else {
            lk_sleep(0.01);
        }
    }
    lk_text_free(&failure);
    lk_arena_free(&arena);
    return result;
}

static void unlock_file(void *context) {
    lk_arena arena = {0};
    const char *path = lk_format(&arena, "%s.lock", (const char *)context);
    if (path) lk_file_remove(path);
    lk_arena_free(&arena);
}

lk_storage lk_file_storage(const char *path) {
    lk_storage storage = {read_file, write_file, lock_file, unlock_file, (void *)(uintptr_t)path};
    return storage;
}

int latchkey_buffer_set(latchkey_buffer *buffer, const char *text, size_t length) {
    lk_text_free(&buffer->text);
    buffer->is_set = true;
    lk_append(&buffer->text, text, length);
    return buffer->text.failed ? -1 : 0;
}
