/* The claims of a license file, checked for their types. Claims that are not known are ignored. */
#include "license_file.h"

typedef bool (*check)(const lk_json *value);

static bool is_text(const lk_json *value) {
    return value && value->kind == LK_STRING;
}
static bool is_object(const lk_json *value) {
    return value && value->kind == LK_OBJECT;
}
static bool is_null(const lk_json *value) {
    return value && value->kind == LK_NULL;
}
static bool is_text_or_null(const lk_json *value) {
    return is_text(value) || is_null(value);
}
static bool is_day_or_null(const lk_json *value) {
    return lk_is_day(value) || is_null(value);
}

static bool is_after_expiry(const lk_json *value) {
    return lk_is_text(value, "refuse") || lk_is_text(value, "entitled_versions") ||
           lk_is_text(value, "allow");
}

static bool is_match(const lk_json *value) {
    return lk_is_text(value, "exact") || lk_is_text(value, "any") || lk_is_text(value, "two") ||
           lk_is_text(value, "most") || lk_is_text(value, "all");
}

static bool are_texts(const lk_json *value) {
    if (!is_object(value)) return false;
    for (const lk_json *member = value->first; member; member = member->next) {
        if (!is_text(member)) return false;
    }
    return true;
}

typedef struct member_check {
    const char *name;
    check is_right;
} member_check;

static const member_check claims_checks[] = {
    {"iss", is_text},
    {"iat", lk_is_time},
    {"nbf", lk_is_time},
    {"exp", lk_is_time},
    {"jti", is_text},
    {"seq", lk_is_whole},
    {"product", is_text},
    {"license", lk_is_whole},
    {"activation", lk_is_whole},
    {"state", is_text},
    {"license_ends", is_day_or_null},
    {"grace_ends", is_day_or_null},
    {"after_expiry", is_after_expiry},
    {"updates_until", is_day_or_null},
    {"versions", is_text_or_null},
    {"max_users", lk_is_whole},
    {"entitlements", is_object},
    {"metadata", is_object},
    {"customer", is_object},
    {"machine", is_object},
    {"status", is_object},
    {"removal", is_text},
    {NULL, NULL},
};
static const member_check customer_checks[] = {{"name", is_text}, {"company", is_text_or_null}, {NULL, NULL}};
static const member_check machine_checks[] = {
    {"match", is_match}, {"salt", is_text}, {"fingerprint", is_text}, {"components", are_texts}, {NULL, NULL},
};
static const member_check status_checks[] = {{"uri", is_text}, {"idx", lk_is_whole}, {NULL, NULL}};

static bool has_members(const lk_json *object, const member_check *checks) {
    for (; checks->name; checks++) {
        if (!checks->is_right(lk_member(object, checks->name))) return false;
    }
    return true;
}

bool lk_are_file_claims(lk_arena *arena, const lk_json *claims) {
    lk_bytes removal;
    if (!has_members(claims, claims_checks) || !has_members(lk_member(claims, "customer"), customer_checks) ||
        !has_members(lk_member(claims, "machine"), machine_checks) ||
        !has_members(lk_member(claims, "status"), status_checks)) {
        return false;
    }
    const lk_json *key = lk_member(claims, "removal");
    return lk_read_base64(arena, key->text, key->length, &removal) && removal.length == 32;
}
