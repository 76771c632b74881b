/* Signed validations: what the server says of a license, in a form that no other server can give. */
#ifndef LK_SIGNED_VALIDATION_H
#define LK_SIGNED_VALIDATION_H

#include "jws.h"

/* What the app sent, with which the claims are compared. */
typedef struct lk_sent {
    /* NULL: the validation was saved, and its nonce was compared before. */
    const char *nonce;
    const char *license_key;
    const char *fingerprint;
    const char *product;
} lk_sent;

/* The claims of the answer to a call. A reason for one that is forged, edited or of another call. */
lk_reason lk_read_validation(lk_arena *arena, const char *jws, size_t length, const lk_sent *sent,
                             const lk_keys *keys, const lk_json **claims);

#endif
