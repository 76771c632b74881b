/* Arenas and growing texts. */
#include "memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct lk_block {
    struct lk_block *next;
    size_t size;
    size_t used;
    max_align_t bytes[];
};

enum { BLOCK_SIZE = 4000 };

void *lk_alloc(lk_arena *arena, size_t size) {
    const size_t unit = sizeof(max_align_t);
    if (size > SIZE_MAX / 2) {
        arena->failed = true;
        return NULL;
    }
    size = (size + unit - 1) / unit * unit;
    struct lk_block *block = arena->blocks;
    if (!block || block->size - block->used < size) {
        size_t capacity = size > BLOCK_SIZE ? size : BLOCK_SIZE;
        block = malloc(sizeof *block + capacity);
        if (!block) {
            arena->failed = true;
            return NULL;
        }
        block->size = capacity;
        block->used = 0;
        block->next = arena->blocks;
        arena->blocks = block;
    }
    void *result = (char *)block->bytes + block->used;
    block->used += size;
    memset(result, 0, size);
    return result;
}

char *lk_copy_bytes(lk_arena *arena, const char *bytes, size_t length) {
    if (!bytes) return NULL;
    char *copy = lk_alloc(arena, length + 1);
    if (copy) memcpy(copy, bytes, length);
    return copy;
}

char *lk_copy(lk_arena *arena, const char *text) {
    return text ? lk_copy_bytes(arena, text, strlen(text)) : NULL;
}

char *lk_format(lk_arena *arena, const char *format, ...) {
    va_list list, again;
    va_start(list, format);
    va_copy(again, list);
    int length = vsnprintf(NULL, 0, format, list);
    char *text = length < 0 ? NULL : lk_alloc(arena, (size_t)length + 1);
    if (text) vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    va_end(list);
    return text;
}

void lk_arena_free(lk_arena *arena) {
    while (arena->blocks) {
        struct lk_block *block = arena->blocks;
        arena->blocks = block->next;
        free(block);
    }
    arena->failed = false;
}

void lk_append(lk_text *text, const char *bytes, size_t length) {
    if (text->failed || length > SIZE_MAX / 4 || text->length > SIZE_MAX / 4) {
        text->failed = true;
        return;
    }
    if (text->length + length + 1 > text->capacity) {
        size_t capacity = (text->length + length + 1) * 2;
        char *larger = realloc(text->bytes, capacity);
        if (!larger) {
            text->failed = true;
            return;
        }
        text->bytes = larger;
        text->capacity = capacity;
    }
    if (length > 0) memcpy(text->bytes + text->length, bytes, length);
    text->length += length;
    text->bytes[text->length] = '\0';
}

void lk_append_text(lk_text *text, const char *more) {
    lk_append(text, more, strlen(more));
}

void lk_append_char(lk_text *text, char character) {
    lk_append(text, &character, 1);
}

char *lk_take(lk_text *text) {
    lk_append(text, "", 0);
    char *bytes = text->bytes;
    if (text->failed) {
        free(bytes);
        bytes = NULL;
    }
    memset(text, 0, sizeof *text);
    return bytes;
}

void lk_text_free(lk_text *text) {
    free(text->bytes);
    memset(text, 0, sizeof *text);
}

char *lk_duplicate(const char *text) {
    if (!text) return NULL;
    size_t size = strlen(text) + 1;
    char *copy = malloc(size);
    if (copy) memcpy(copy, text, size);
    return copy;
}

bool lk_equal(const char *one, const char *other) {
    return one && other ? strcmp(one, other) == 0 : one == other;
}

bool lk_is_utf8(const char *bytes, size_t length) {
    const unsigned char *at = (const unsigned char *)bytes, *end = at + length;
    while (at < end) {
        unsigned char first = *at++;
        if (first < 0x80) continue;
        int more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
        if (first < 0xc2 || first > 0xf4 || end - at < more) return false;
        unsigned char low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
        unsigned char high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
        if (at[0] < low || at[0] > high) return false;
        for (int index = 1; index < more; index++) {
            if ((at[index] & 0xc0) != 0x80) return false;
        }
        at += more;
    }
    return true;
}
