/* Verifies signed statements. */
#include "jws.h"

#include <string.h>

#include "crypto.h"

static const double LAST_SECOND = 253402300799.0;

size_t lk_split(const char *text, size_t length, lk_part *parts, size_t most) {
    size_t count = 0;
    const char *end = text + length;
    while (true) {
        const char *dot = memchr(text, '.', (size_t)(end - text));
        if (count < most) {
            parts[count].text = text;
            parts[count].length = (size_t)((dot ? dot : end) - text);
        }
        count++;
        if (!dot) return count;
        text = dot + 1;
    }
}

/* The points of small order, without their sign: anyone can sign with them. */
static bool is_of_small_order(const unsigned char key[32]) {
    static const unsigned char points[][32] = {
        {0},
        {1},
        {0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0,
         0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05},
        {0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f,
         0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a},
    };
    unsigned char point[32];
    memcpy(point, key, sizeof point);
    point[31] &= 0x7f;
    for (size_t index = 0; index < sizeof points / sizeof points[0]; index++) {
        if (memcmp(point, points[index], sizeof point) == 0) return true;
    }
    /* p - 1, p and p + 1 for the prime p = 2^255 - 19. */
    if (point[0] < 0xec || point[0] > 0xee || point[31] != 0x7f) return false;
    for (int index = 1; index < 31; index++) {
        if (point[index] != 0xff) return false;
    }
    return true;
}

bool lk_read_public_key(lk_arena *arena, const char *x, unsigned char key[32]) {
    lk_bytes bytes;
    if (!x || !lk_read_base64(arena, x, strlen(x), &bytes) || bytes.length != 32) return false;
    memcpy(key, bytes.data, 32);
    return !is_of_small_order(key);
}

lk_reason lk_verify_jws(lk_arena *arena, const char *jws, size_t length, const char *typ, const lk_keys *keys,
                        const lk_json **claims) {
    lk_part parts[3];
    lk_bytes signature;
    *claims = NULL;
    if (length > LK_MAX_TEXT || lk_split(jws, length, parts, 3) != 3) return "malformed";
    const lk_json *header = lk_read_object(arena, parts[0].text, parts[0].length);
    const lk_json *payload = lk_read_object(arena, parts[1].text, parts[1].length);
    if (!header || !payload || !lk_read_base64(arena, parts[2].text, parts[2].length, &signature)) {
        return "malformed";
    }
    if (lk_member(header, "crit")) return "malformed";
    if (!lk_is_text(lk_member(header, "typ"), typ)) return "wrong_type";
    const lk_json *alg = lk_member(header, "alg");
    if (!lk_is_text(alg, "Ed25519") && !lk_is_text(alg, "EdDSA")) return "wrong_algorithm";
    const lk_json *kid = lk_member(header, "kid");
    unsigned char key[32];
    size_t index = 0;
    while (index < keys->count && !(keys->all[index].kid && lk_is_text(kid, keys->all[index].kid))) index++;
    if (index == keys->count || !lk_read_public_key(arena, keys->all[index].x, key)) return "unknown_key";
    size_t signed_length = (size_t)(parts[2].text - jws) - 1;
    if (!lk_is_signed(key, &signature, jws, signed_length)) return "wrong_signature";
    *claims = payload;
    return NULL;
}

bool lk_is_day(const lk_json *value) {
    if (!value || value->kind != LK_STRING || value->length != 10) return false;
    for (int index = 0; index < 10; index++) {
        char character = value->text[index];
        bool is_dash = index == 4 || index == 7;
        if (is_dash ? character != '-' : character < '0' || character > '9') return false;
    }
    return true;
}

bool lk_is_time(const lk_json *value) {
    return lk_is_whole(value) && value->number <= LAST_SECOND;
}
