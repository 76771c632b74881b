/* Signed statements: compact JWS (RFC 7515) of Ed25519 (RFC 8032), verified with public keys that are
 * compiled into the app. */
#ifndef LK_JWS_H
#define LK_JWS_H

#include "../include/latchkey.h"
#include "encoding.h"

/* Functions that check return NULL, or the reason as docs/offline.md names it. Where the arena failed it says
 * nothing. */
typedef const char *lk_reason;

/* A longer text is no statement and no license file; bytes. */
enum { LK_MAX_TEXT = 65536 };

typedef struct lk_keys {
    const latchkey_public_key *all;
    size_t count;
} lk_keys;

/* The 32 bytes of a public key. False when it has not so many, or when anyone can sign with it. */
bool lk_read_public_key(lk_arena *arena, const char *x, unsigned char key[32]);

/* The claims of a statement. @param typ the kind of statement; one of another kind is refused */
lk_reason lk_verify_jws(lk_arena *arena, const char *jws, size_t length, const char *typ, const lk_keys *keys,
                        const lk_json **claims);

/* How many parts a text has that dots are between, and where each begins; the places beyond are not set. */
typedef struct lk_part {
    const char *text;
    size_t length;
} lk_part;
size_t lk_split(const char *text, size_t length, lk_part *parts, size_t most);

/* Whether a claim is a day, YYYY-MM-DD; a time, in seconds until the end of 9999. */
bool lk_is_day(const lk_json *value);
bool lk_is_time(const lk_json *value);

#endif
