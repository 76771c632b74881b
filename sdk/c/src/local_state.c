/* The state of the license by what is kept on the device. */
#include <math.h>
#include <string.h>

#include "dates.h"
#include "signed_validation.h"
#include "status.h"

static void set(latchkey_status *status, latchkey_state state, const char *reason) {
    status->state = state;
    status->reason = reason ? reason : latchkey_state_meaning(state);
}

/* The validation that was kept; NULL when it is not the server's, or is about another key or device. */
static const lk_json *saved_validation(lk_arena *arena, const lk_record *record, const lk_options *options) {
    const lk_json *claims = NULL;
    if (!record->validation || !record->license_key) return NULL;
    lk_sent sent = {NULL, record->license_key, options->device->fingerprint, options->app.product};
    lk_read_validation(arena, record->validation, strlen(record->validation), &sent, &options->keys, &claims);
    return claims;
}

static double iat_of(const lk_json *claims) {
    return claims ? lk_member(claims, "iat")->number : 0;
}

/* The state of a license without a file, by the last validation. */
static void without_file(latchkey_status *status, const lk_json *validation, const lk_options *options,
                         double now) {
    const char *ends = lk_text_member(validation, "valid_until"),
               *grace = lk_text_member(validation, "grace_ends");
    char day[11], validated[11];
    double age = now - iat_of(validation);
    lk_day_of(now, day);
    lk_day_of(iat_of(validation), validated);
    /* One that was valid after its last day, and not by grace, is so by its terms. */
    bool is_over =
        ends && strcmp(day, ends) > 0 &&
        (strcmp(validated, ends) <= 0 || lk_is_text(lk_member(validation, "code"), "GRACE_PERIOD"));
    const char *expired = ends ? lk_format(&status->arena, "The license expired on %s.", ends) : NULL;
    if (is_over && (!grace || strcmp(day, grace) > 0))
        set(status, LATCHKEY_STATE_EXPIRED, expired);
    else if (age > options->offline_grace) {
        set(status, LATCHKEY_STATE_EXPIRED, "The server was not reached for too long.");
    } else if (age > options->fresh_for) {
        set(status, LATCHKEY_STATE_OFFLINE_GRACE, "The server was not reached for a while.");
    } else if (is_over) {
        set(status, LATCHKEY_STATE_GRACE, expired);
    } else {
        set(status, LATCHKEY_STATE_VALID, NULL);
    }
}

static void by_code(latchkey_status *status, const char *code, latchkey_state otherwise) {
    latchkey_state state;
    if (!lk_state_of_code(code, &state)) state = otherwise;
    set(status, state, lk_format(&status->arena, "The server answered %s.", code));
}

static lk_finding check_kept_file(lk_arena *arena, const lk_record *record, const lk_options *options,
                                  double now, double trusted) {
    lk_part list = {record->list, record->list ? strlen(record->list) : 0};
    lk_file_check check = {
        .file = record->file,
        .length = strlen(record->file),
        .keys = options->keys,
        .app = options->app,
        .device = options->device,
        .license_key = record->license_key,
        .now = now,
        .trusted = trusted,
        .seq = record->seq,
        .lists_seen = record->lists,
        .removed = record->removed,
        .lists = &list,
        .list_count = record->list ? 1 : 0,
    };
    return lk_check_file(arena, &check);
}

/* Which of both says what applies: the later one. */
static void summarize(latchkey_status *status, const lk_record *record, const lk_json *validation,
                      const lk_json *claims) {
    bool is_newer = validation && iat_of(validation) >= iat_of(claims);
    const lk_json *said = is_newer ? validation : claims;
    const char *code = lk_text_member(validation, "code");
    status->code = code ? code : lk_copy(&status->arena, record->refusal);
    status->entitlements = lk_is_usable(status->state) ? lk_member(said, "entitlements") : NULL;
    status->max_users = lk_whole(lk_member(said, "max_users"), LATCHKEY_NONE);
    status->license_ends = lk_text_member(said, is_newer ? "valid_until" : "license_ends");
    status->grace_ends = lk_text_member(said, "grace_ends");
    status->file_ends = lk_whole(lk_member(claims, "exp"), LATCHKEY_NONE);
    status->file = claims;
    const lk_json *checked = validation ? validation : claims;
    status->checked_at = lk_whole(lk_member(checked, "iat"), LATCHKEY_NONE);
}

void lk_local_state(latchkey_status *status, const lk_record *record, const lk_options *options, double now) {
    lk_arena *arena = &status->arena;
    const lk_json *validation = saved_validation(arena, record, options);
    double trusted = fmax((double)record->trusted, iat_of(validation));
    bool has_file = record->file != NULL;
    lk_finding file = {LATCHKEY_STATE_INVALID, NULL, NULL};
    if (has_file) file = check_kept_file(arena, record, options, now, trusted);
    const lk_json *claims = file.claims;
    trusted = fmax(trusted, iat_of(claims));
    double later = fmax(now, trusted);
    bool is_valid = validation && lk_member(validation, "valid")->boolean;
    bool has_ended =
        file.state == LATCHKEY_STATE_EXPIRED && claims && later >= lk_member(claims, "exp")->number;
    latchkey_state refused;
    if (!(now >= trusted - LK_TOLERANCE)) {
        set(status, LATCHKEY_STATE_CLOCK_TAMPERED, "The clock is behind the latest trusted time.");
    } else if (validation && !is_valid && iat_of(validation) >= iat_of(claims)) {
        const char *code = lk_text_member(validation, "code");
        by_code(status, code ? code : "", LATCHKEY_STATE_INVALID);
    } else if (has_file && file.state != LATCHKEY_STATE_INVALID && !has_ended) {
        set(status, file.state, lk_sentence_of(file.reason, file.state));
    } else if (is_valid) {
        /* A file that has ended or was signed with a key that is not known leaves what the server said last.
         */
        without_file(status, validation, options, later);
    } else if (has_file) {
        set(status, file.state, lk_sentence_of(file.reason, file.state));
    } else if (record->refusal && lk_state_of_code(record->refusal, &refused)) {
        by_code(status, record->refusal, refused);
    } else {
        set(status, LATCHKEY_STATE_NOT_ACTIVATED, "There is no license on this device.");
    }
    summarize(status, record, validation, claims);
}
