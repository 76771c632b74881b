/* Cases as JSON: what is given, and what comes of it. */
#include "../include/latchkey/vectors.h"

#include <stdlib.h>
#include <string.h>

#include "license_key.h"
#include "offline_request.h"
#include "options.h"
#include "record.h"
#include "signed_validation.h"
#include "version.h"

/* Writes the result of a case. False when what is given is not of its kind. */
typedef bool (*check)(lk_arena *arena, const lk_json *given, lk_text *out);

/* A device of {fingerprint, components}, in the arena. */
static latchkey_device *device_of(lk_arena *arena, const lk_json *given) {
    latchkey_device *device = lk_alloc(arena, sizeof *device);
    const lk_json *components = lk_member(given, "components");
    if (!device || !lk_text_member(given, "fingerprint")) return NULL;
    device->fingerprint = lk_text_member(given, "fingerprint");
    size_t count = components && components->kind == LK_OBJECT ? components->count : 0;
    device->components = lk_alloc(arena, (count + 1) * sizeof *device->components);
    if (!device->components) return NULL;
    for (const lk_json *one = count > 0 ? components->first : NULL; one; one = one->next) {
        if (one->kind != LK_STRING) return NULL;
        device->components[device->count].name = one->name;
        device->components[device->count++].value = one->text;
    }
    return device;
}

static bool check_file(lk_arena *arena, const lk_json *given, lk_text *out) {
    const lk_json *app = lk_member(given, "app"), *device = lk_member(given, "device");
    const lk_json *kept = lk_member(given, "kept"), *lists = lk_member(given, "lists");
    const lk_json *file = lk_string_member(given, "file"), *now = lk_member(given, "now");
    lk_file_check checked = {0};
    lk_count *seq = NULL, *seen = NULL, *removed = NULL;
    checked.device = device_of(arena, device);
    checked.app.product = lk_text_member(app, "product");
    if (!file || !now || now->kind != LK_NUMBER || !checked.device || !checked.app.product) return false;
    if (!lk_read_keys(arena, lk_member(given, "keys"), NULL, 0, &checked.keys)) return false;
    checked.file = file->text;
    checked.length = file->length;
    checked.now = now->number;
    checked.app.version = lk_text_member(app, "version");
    checked.app.released = lk_text_member(app, "released");
    checked.license_key = lk_text_member(device, "license_key");
    checked.trusted = (double)lk_whole(lk_member(kept, "trusted"), 0);
    lk_read_counts(arena, lk_member(kept, "seq"), &seq);
    lk_read_counts(arena, lk_member(kept, "lists"), &seen);
    lk_read_removed(arena, lk_member(kept, "removed"), &removed);
    checked.seq = seq;
    checked.lists_seen = seen;
    checked.removed = removed;
    size_t count = lists && lists->kind == LK_LIST ? lists->count : 0;
    lk_part *parts = lk_alloc(arena, (count + 1) * sizeof *parts);
    if (!parts) return false;
    for (const lk_json *one = count > 0 ? lists->first : NULL; one; one = one->next) {
        if (one->kind != LK_STRING) return false;
        parts[checked.list_count].text = one->text;
        parts[checked.list_count++].length = one->length;
    }
    checked.lists = parts;
    lk_finding finding = lk_check_file(arena, &checked);
    lk_append_char(out, '{');
    lk_put_text(out, "state", latchkey_state_name(finding.state));
    lk_put_text(out, "reason", finding.reason);
    lk_append_char(out, '}');
    return true;
}

static bool check_validation(lk_arena *arena, const lk_json *given, lk_text *out) {
    const lk_json *signature = lk_string_member(given, "signature"), *claims;
    lk_sent sent = {lk_text_member(given, "nonce"), lk_text_member(given, "license_key"),
                    lk_text_member(given, "fingerprint"), lk_text_member(given, "product")};
    lk_keys keys;
    if (!signature || !sent.license_key || !sent.fingerprint || !sent.product) return false;
    if (!lk_read_keys(arena, lk_member(given, "keys"), NULL, 0, &keys)) return false;
    lk_reason reason = lk_read_validation(arena, signature->text, signature->length, &sent, &keys, &claims);
    lk_append_char(out, '{');
    if (claims)
        lk_put_json(out, "code", lk_member(claims, "code"));
    else
        lk_put_text(out, "reason", reason);
    lk_append_char(out, '}');
    return true;
}

static bool check_license_key(lk_arena *arena, const lk_json *given, lk_text *out) {
    lk_typed_key key;
    if (given->kind != LK_STRING) return false;
    if (strlen(given->text) != given->length || !lk_read_key(arena, given->text, &key)) {
        lk_append_text(out, "null");
        return true;
    }
    lk_append_char(out, '{');
    lk_put_text(out, "text", key.text);
    lk_put_text(out, "canonical", key.canonical);
    lk_put_boolean(out, "checksum_mismatch", key.checksum_mismatch);
    lk_append_char(out, '}');
    return true;
}

static bool check_version(lk_arena *arena, const lk_json *given, lk_text *out) {
    const char *version = lk_text_member(given, "version"), *range = lk_text_member(given, "range");
    if (!version || !range) return false;
    lk_append_text(out, lk_is_in_range(arena, version, range) ? "true" : "false");
    return true;
}

static bool check_offline_request(lk_arena *arena, const lk_json *given, lk_text *out) {
    lk_text json = {0};
    (void)arena;
    lk_write_json(&json, given);
    char *text = json.failed ? NULL : lk_write_request(json.bytes, json.length);
    if (text) lk_write_string(out, text, strlen(text));
    free(text);
    lk_text_free(&json);
    return given->kind == LK_OBJECT;
}

static const lk_json *item(const lk_json *list, size_t index) {
    const lk_json *one = list && list->kind == LK_LIST ? list->first : NULL;
    while (one && index-- > 0) one = one->next;
    return one;
}

static bool check_retry(lk_arena *arena, const lk_json *given, lk_text *out) {
    static const lk_retry_policy policy = {5, 1, 30, 60};
    const lk_json *start = lk_member(given, "now");
    double now = start ? start->number : 0;
    (void)arena;
    lk_append_text(out, "{\"delays\":[");
    for (size_t count = 0;; count++) {
        const lk_json *outcome = item(lk_member(given, "outcomes"), count);
        const lk_json *random = item(lk_member(given, "random"), count);
        if (!outcome) return false;
        int status = (int)lk_whole(lk_member(outcome, "status"), 0);
        double delay = lk_delay_before_retry(status, lk_text_member(outcome, "retry_after"), (int)count + 1,
                                             random ? random->number : 0, now, &policy);
        if (delay < 0) {
            lk_append_char(out, ']');
            lk_put_whole(out, "status", status);
            lk_append_char(out, '}');
            return true;
        }
        if (count > 0) lk_append_char(out, ',');
        lk_write_number(out, delay);
        now += delay;
    }
}

static bool check_removal_code(lk_arena *arena, const lk_json *given, lk_text *out) {
    const lk_json *activation = lk_member(given, "activation"), *seq = lk_member(given, "seq");
    const char *removal = lk_text_member(given, "removal");
    if (!lk_is_whole(activation) || !lk_is_whole(seq) || !removal) return false;
    const char *code = lk_removal_code(arena, lk_whole(activation, 0), lk_whole(seq, 0), removal);
    if (!code) return false;
    lk_write_string(out, code, strlen(code));
    return true;
}

/* Parts are a list of names with values, or an object. */
static bool check_device(lk_arena *arena, const lk_json *given, lk_text *out) {
    const lk_json *parts = lk_member(given, "parts");
    latchkey_pair *pairs = lk_alloc(arena, ((parts ? parts->count : 0) + 1) * sizeof *pairs);
    size_t count = 0;
    latchkey_device *device = NULL;
    if (!parts || !pairs) return false;
    for (const lk_json *one = parts->first; one; one = one->next) {
        const lk_json *name = item(one, 0), *value = parts->kind == LK_OBJECT ? one : item(one, 1);
        pairs[count].name = parts->kind == LK_OBJECT ? one->name : name ? name->text : NULL;
        pairs[count++].value = value && value->kind == LK_STRING ? value->text : NULL;
    }
    if (latchkey_device_of(lk_text_member(given, "product"), pairs, count, &device, NULL) != LATCHKEY_OK) {
        lk_append_text(out, "null");
        return true;
    }
    lk_append_char(out, '{');
    lk_put_text(out, "fingerprint", device->fingerprint);
    lk_put_components(out, device);
    lk_append_char(out, '}');
    latchkey_device_free(device);
    return true;
}

static bool check_record(lk_arena *arena, const lk_json *given, lk_text *out) {
    if (given->kind != LK_STRING) return false;
    lk_record *record = lk_record_read(given->text, given->length);
    char *text = record ? lk_record_write(record) : NULL;
    if (text)
        lk_write_string(out, text, strlen(text));
    else
        arena->failed = true;
    free(text);
    lk_record_free(record);
    return true;
}

static const struct {
    const char *kind;
    check run;
} kinds[] = {
    {"file", check_file},
    {"validation", check_validation},
    {"license_key", check_license_key},
    {"version", check_version},
    {"offline_request", check_offline_request},
    {"retry", check_retry},
    {"removal_code", check_removal_code},
    {"device", check_device},
    {"record", check_record},
};

latchkey_result latchkey_check_vector(const char *kind, const char *given, char **result,
                                      latchkey_error **error) {
    lk_arena arena = {0};
    lk_text out = {0};
    bool is_known = false;
    if (!kind || !given || !result) return lk_end(lk_error_invalid("An argument is missing."), error);
    *result = NULL;
    const lk_json *value = lk_json_read(&arena, given, strlen(given));
    for (size_t index = 0; value && index < sizeof kinds / sizeof kinds[0]; index++) {
        if (strcmp(kinds[index].kind, kind) == 0) is_known = kinds[index].run(&arena, value, &out);
    }
    bool has_memory = !arena.failed && !out.failed;
    if (has_memory && is_known) *result = lk_take(&out);
    lk_text_free(&out);
    lk_arena_free(&arena);
    if (*result) return lk_end(NULL, error);
    if (has_memory && !is_known) return lk_end(lk_error_invalid("There is no such case."), error);
    return lk_end(lk_error_out_of_memory(), error);
}
