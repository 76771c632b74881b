/* License keys: what is typed or pasted, as it is sent to the server, and whether it can be a key at all. */
#ifndef LK_LICENSE_KEY_H
#define LK_LICENSE_KEY_H

#include "memory.h"

typedef struct lk_typed_key {
    /* Without what pasting added; this is sent. */
    const char *text;
    /* Equal for keys that count as the same; letters beyond ASCII keep their case. */
    const char *canonical;
    /* Whether it has the form of a generated key but a wrong check character. */
    bool checksum_mismatch;
} lk_typed_key;

/* False for what can be no key, and without memory. */
bool lk_read_key(lk_arena *arena, const char *typed, lk_typed_key *key);
/* The text of a key that was typed, or what was typed where it can be no key. NULL without memory. */
const char *lk_key_to_send(lk_arena *arena, const char *typed);
/* A key without what pasting added. NULL without memory. */
const char *lk_clean_key(lk_arena *arena, const char *text, size_t length);

#endif
