/* Memory: arenas that are freed as a whole, and texts that grow. Both remember that an allocation failed, so
 * that it is looked at once at the end. */
#ifndef LK_MEMORY_H
#define LK_MEMORY_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lk_block;

typedef struct lk_arena {
    struct lk_block *blocks;
    /* An allocation failed: what was made of the arena is not complete. */
    bool failed;
} lk_arena;

/* Zeroed memory, aligned for every type. NULL when there is none. */
void *lk_alloc(lk_arena *arena, size_t size);
/* A copy with a zero byte at its end. NULL for NULL, or without memory. */
char *lk_copy_bytes(lk_arena *arena, const char *bytes, size_t length);
char *lk_copy(lk_arena *arena, const char *text);
/* As printf. NULL without memory. */
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
char *
lk_format(lk_arena *arena, const char *format, ...);
void lk_arena_free(lk_arena *arena);

/* A text that grows, with a zero byte at its end. */
typedef struct lk_text {
    char *bytes;
    size_t length;
    size_t capacity;
    bool failed;
} lk_text;

void lk_append(lk_text *text, const char *bytes, size_t length);
void lk_append_text(lk_text *text, const char *more);
void lk_append_char(lk_text *text, char character);
/* The text, to be freed; the builder is empty afterwards. NULL when an allocation failed. */
char *lk_take(lk_text *text);
void lk_text_free(lk_text *text);

/* A copy to be freed. NULL for NULL, or without memory. */
char *lk_duplicate(const char *text);
/* Whether both are NULL, or equal. */
bool lk_equal(const char *one, const char *other);
/* Whether bytes are UTF-8: no overlong forms, no surrogates. */
bool lk_is_utf8(const char *bytes, size_t length);

#endif
