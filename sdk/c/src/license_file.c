/* The state of a license file. */
#include "license_file.h"

#include <stdio.h>
#include <string.h>

#include "dates.h"
#include "version.h"

static lk_finding found(latchkey_state state, lk_reason reason, const lk_json *claims) {
    lk_finding finding = {state, reason, claims};
    return finding;
}

static lk_reason read_file(lk_arena *arena, const lk_file_check *check, const lk_json **claims) {
    lk_part content, jws;
    lk_part parts[5];
    *claims = NULL;
    lk_reason reason = lk_content_of_file(arena, check->file, check->length, &content);
    if (reason) return reason;
    jws = content;
    if (lk_split(content.text, content.length, parts, 5) == 5) {
        reason = lk_decrypt_file(arena, &content, check->license_key, check->device->fingerprint, &jws);
        if (reason) return reason;
    }
    reason = lk_verify_jws(arena, jws.text, jws.length, "license-file+jwt", &check->keys, claims);
    if (!reason && !lk_are_file_claims(arena, *claims)) reason = "malformed";
    return reason;
}

/* The text of a day, which was checked; NULL for null. */
static const char *day_of(const lk_json *claims, const char *name) {
    return lk_text_member(claims, name);
}

static bool is_released_by(const char *released, const char *day) {
    return !released || !day || strcmp(released, day) <= 0;
}

/* The state by the terms of the license, on a day. */
static lk_finding by_terms(lk_arena *arena, const lk_json *claims, const lk_app *app, const char *day) {
    const char *ends = day_of(claims, "license_ends"), *grace = day_of(claims, "grace_ends");
    const char *updates = day_of(claims, "updates_until");
    const lk_json *versions = lk_string_member(claims, "versions");
    const lk_json *after = lk_member(claims, "after_expiry");
    if (versions && app->version) {
        /* A range with a zero byte is none that can be read. */
        const char *range = lk_text_member(claims, "versions");
        if (!range || !lk_is_in_range(arena, app->version, range)) {
            return found(LATCHKEY_STATE_VERSION_NOT_ENTITLED, "version_not_covered", claims);
        }
    }
    if (!is_released_by(app->released, updates)) {
        return found(LATCHKEY_STATE_VERSION_NOT_ENTITLED, "released_later", claims);
    }
    if (!ends || strcmp(day, ends) <= 0) return found(LATCHKEY_STATE_VALID, NULL, claims);
    if (grace && strcmp(day, grace) <= 0) return found(LATCHKEY_STATE_GRACE, NULL, claims);
    if (lk_is_text(after, "allow")) return found(LATCHKEY_STATE_VALID, NULL, claims);
    if (lk_is_text(after, "refuse")) return found(LATCHKEY_STATE_EXPIRED, "license_ended", claims);
    if (is_released_by(app->released, updates ? updates : ends)) {
        return found(LATCHKEY_STATE_VALID, NULL, claims);
    }
    return found(LATCHKEY_STATE_VERSION_NOT_ENTITLED, "released_later", claims);
}

/* Whether a list revokes the file; the latest trusted time grows by all lists that are signed right. */
static bool is_revoked(lk_arena *arena, const lk_file_check *check, const lk_json *status, double *trusted) {
    const lk_json *uri = lk_member(status, "uri");
    int64_t idx = lk_whole(lk_member(status, "idx"), 0);
    int64_t latest = uri->length == strlen(uri->text) ? lk_counted(check->lists_seen, uri->text) : 0;
    bool is_set = false;
    for (size_t index = 0; index < check->list_count; index++) {
        lk_status_list list;
        lk_part given = check->lists[index];
        if (lk_read_status_list(arena, given.text, given.length, &check->keys, &list)) continue;
        if ((double)list.issued_at > *trusted) *trusted = (double)list.issued_at;
        bool is_own = list.uri->length == uri->length && memcmp(list.uri->text, uri->text, uri->length) == 0;
        if (!is_own || list.issued_at < latest) continue;
        /* A list that is as late as another one does not take back what that one revokes. */
        is_set = (list.issued_at == latest && is_set) || lk_is_set(&list, idx);
        latest = list.issued_at;
    }
    return is_set;
}

static lk_finding state_of(lk_arena *arena, const lk_json *claims, const lk_file_check *check) {
    char activation[24], day[11];
    int64_t seq = lk_whole(lk_member(claims, "seq"), 0);
    double issued_at = lk_member(claims, "iat")->number;
    double trusted = check->trusted > issued_at ? check->trusted : issued_at;
    bool is_off = is_revoked(arena, check, lk_member(claims, "status"), &trusted);
    if (!(check->now >= trusted - LK_TOLERANCE)) {
        return found(LATCHKEY_STATE_CLOCK_TAMPERED, "clock_set_back", claims);
    }
    double now = check->now > trusted ? check->now : trusted;
    if (now < lk_member(claims, "nbf")->number - LK_TOLERANCE) {
        return found(LATCHKEY_STATE_CLOCK_TAMPERED, "not_yet_valid", claims);
    }
    if (!lk_is_device(arena, lk_member(claims, "machine"), check->device)) {
        return found(LATCHKEY_STATE_WRONG_MACHINE, "other_machine", claims);
    }
    snprintf(activation, sizeof activation, "%lld", (long long)lk_whole(lk_member(claims, "activation"), 0));
    for (const lk_count *removed = check->removed; removed; removed = removed->next) {
        if (strcmp(removed->name, activation) == 0 && seq <= removed->value) {
            return found(LATCHKEY_STATE_NOT_ACTIVATED, "removed", claims);
        }
    }
    if (seq < lk_counted(check->seq, activation)) return found(LATCHKEY_STATE_INVALID, "older_file", claims);
    if (is_off) return found(LATCHKEY_STATE_REVOKED, "revoked", claims);
    if (now >= lk_member(claims, "exp")->number) return found(LATCHKEY_STATE_EXPIRED, "file_ended", claims);
    lk_day_of(now, day);
    return by_terms(arena, claims, &check->app, day);
}

lk_finding lk_check_file(lk_arena *arena, const lk_file_check *check) {
    const lk_json *claims;
    lk_reason reason = read_file(arena, check, &claims);
    if (reason) {
        bool is_other = strcmp(reason, "not_decrypted") == 0;
        return found(is_other ? LATCHKEY_STATE_WRONG_MACHINE : LATCHKEY_STATE_INVALID, reason, NULL);
    }
    if (!lk_is_text(lk_member(claims, "product"), check->app.product)) {
        return found(LATCHKEY_STATE_INVALID, "other_product", NULL);
    }
    return state_of(arena, claims, check);
}

const char *lk_sentence_of(lk_reason reason, latchkey_state state) {
    static const char *const sentences[][2] = {
        {"malformed", "The license file is damaged, or not all of it is there."},
        {"wrong_type", "The text is signed, but it is no license file."},
        {"wrong_algorithm", "The license file is not signed with Ed25519."},
        {"unknown_key", "The license file is signed with a key that the app does not know."},
        {"wrong_signature", "The signature of the license file is wrong."},
        {"not_decrypted", "The license file was encrypted for another device or license key."},
        {"other_product", "The license file is for another product."},
        {"clock_set_back", "The clock is behind the latest trusted time."},
        {"not_yet_valid", "The license file was issued later."},
        {"other_machine", "The license file is for another device."},
        {"removed", "The device was given back with this license file."},
        {"older_file", "A later license file of this device was seen."},
        {"revoked", "The license file was revoked."},
        {"file_ended", "The license file has ended."},
        {"version_not_covered", "The license does not include this version."},
        {"released_later", "This version was released after the last day that the license includes."},
        {"license_ended", "The license has expired."},
    };
    for (size_t index = 0; reason && index < sizeof sentences / sizeof sentences[0]; index++) {
        if (strcmp(sentences[index][0], reason) == 0) return sentences[index][1];
    }
    return latchkey_state_meaning(state);
}
