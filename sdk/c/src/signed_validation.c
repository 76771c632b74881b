/* Reads signed validations. */
#include "signed_validation.h"

#include <string.h>

#include "crypto.h"

static bool is_null(const lk_json *value) {
    return value && value->kind == LK_NULL;
}
static bool is_text(const lk_json *value) {
    return value && value->kind == LK_STRING;
}

static bool are_claims(const lk_json *claims) {
    static const char *const texts[] = {"iss", "nonce", "code"};
    static const char *const texts_or_null[] = {"product", "key_hash", "machine"};
    static const char *const days_or_null[] = {"valid_until", "grace_ends"};
    static const char *const numbers_or_null[] = {"license", "max_users"};
    for (size_t index = 0; index < 3; index++) {
        const lk_json *value = lk_member(claims, texts_or_null[index]);
        if (!is_text(lk_member(claims, texts[index])) || !(is_text(value) || is_null(value))) return false;
    }
    for (size_t index = 0; index < 2; index++) {
        const lk_json *day = lk_member(claims, days_or_null[index]);
        const lk_json *number = lk_member(claims, numbers_or_null[index]);
        if (!(lk_is_day(day) || is_null(day)) || !(lk_is_whole(number) || is_null(number))) return false;
    }
    const lk_json *valid = lk_member(claims, "valid"), *entitlements = lk_member(claims, "entitlements");
    return lk_is_time(lk_member(claims, "iat")) && valid && valid->kind == LK_BOOLEAN && entitlements &&
           entitlements->kind == LK_OBJECT;
}

static bool is_digest(lk_arena *arena, const lk_json *value, const char *text) {
    const char *digest = lk_digest_text(arena, text, strlen(text));
    return digest && lk_is_text(value, digest);
}

lk_reason lk_read_validation(lk_arena *arena, const char *jws, size_t length, const lk_sent *sent,
                             const lk_keys *keys, const lk_json **found) {
    const lk_json *claims;
    *found = NULL;
    lk_reason reason = lk_verify_jws(arena, jws, length, "license-validation+jwt", keys, &claims);
    if (reason) return reason;
    if (!are_claims(claims)) return "malformed";
    if (sent->nonce && !lk_is_text(lk_member(claims, "nonce"), sent->nonce)) return "other_nonce";
    if (!is_digest(arena, lk_member(claims, "key_hash"), sent->license_key)) return "other_key";
    if (!is_digest(arena, lk_member(claims, "machine"), sent->fingerprint)) return "other_machine";
    const lk_json *product = lk_member(claims, "product");
    /* An API key for all products does not tell the product of a license that was not found. */
    bool is_unknown =
        is_null(product) && is_null(lk_member(claims, "license")) && !lk_member(claims, "valid")->boolean;
    if (!lk_is_text(product, sent->product) && !is_unknown) return "other_product";
    *found = claims;
    return NULL;
}
