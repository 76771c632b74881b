/* License files: reading one, and the state of its license on this device, as docs/offline.md orders the
 * checks. */
#ifndef LK_LICENSE_FILE_H
#define LK_LICENSE_FILE_H

#include "counts.h"
#include "device.h"
#include "jws.h"
#include "status_list.h"

/* The app: which product it is, and which release of it. */
typedef struct lk_app {
    const char *product;
    /* NULL: not known, as the day of the release. */
    const char *version;
    const char *released;
} lk_app;

/* What a file is checked with. Times are seconds since 1970. */
typedef struct lk_file_check {
    const char *file;
    size_t length;
    lk_keys keys;
    lk_app app;
    const latchkey_device *device;
    /* For encrypted files; as it was sent to the server. NULL: none. */
    const char *license_key;
    double now;
    /* The latest trusted time; 0 when there is none. */
    double trusted;
    /* What was seen before: the greatest seq by activation, the latest iat by address of a list, what was
     * given back. */
    const lk_count *seq;
    const lk_count *lists_seen;
    const lk_count *removed;
    const lk_part *lists;
    size_t list_count;
} lk_file_check;

typedef struct lk_finding {
    latchkey_state state;
    /* As docs/offline.md names it; NULL: valid or in grace. */
    lk_reason reason;
    /* As soon as they are verified and for this product; NULL before. */
    const lk_json *claims;
} lk_finding;

/* A clock may be behind by so much; seconds. */
enum { LK_TOLERANCE = 3600 };

lk_finding lk_check_file(lk_arena *arena, const lk_file_check *check);
/* A sentence for logs. */
const char *lk_sentence_of(lk_reason reason, latchkey_state state);

/* The JWS or JWE in the text of a license file. */
lk_reason lk_content_of_file(lk_arena *arena, const char *text, size_t length, lk_part *content);
/* The JWS in an encrypted file. "not_decrypted" when it is for another device. */
lk_reason lk_decrypt_file(lk_arena *arena, const lk_part *jwe, const char *license_key,
                          const char *fingerprint, lk_part *jws);
/* Whether all claims of a file are there and of their types. */
bool lk_are_file_claims(lk_arena *arena, const lk_json *claims);
/* Whether a file is for a device. */
bool lk_is_device(lk_arena *arena, const lk_json *machine, const latchkey_device *device);
/* The removal code of a file's claims. NULL without memory. */
const char *lk_removal_code(lk_arena *arena, int64_t activation, int64_t seq, const char *removal);

#endif
