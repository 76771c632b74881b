/* Numbers by names, such as the greatest seq of each activation; a number only grows. */
#ifndef LK_COUNTS_H
#define LK_COUNTS_H

#include "json.h"

typedef struct lk_count {
    const char *name;
    int64_t value;
    /* Of what was given back, its removal code; NULL otherwise. */
    const char *code;
    struct lk_count *next;
} lk_count;

/* The number of a name; 0 when there is none. */
int64_t lk_counted(const lk_count *counts, const char *name);
/* Sets a number unless there is a greater one. @return whether it did */
bool lk_count_up(lk_arena *arena, lk_count **counts, const char *name, int64_t value, const char *code);
/* Reads what is a whole number of an object. */
void lk_read_counts(lk_arena *arena, const lk_json *object, lk_count **counts);
/* Reads {"seq", "code"} by names. */
void lk_read_removed(lk_arena *arena, const lk_json *object, lk_count **counts);

#endif
