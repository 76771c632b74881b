/* Metered use: units are counted at once, or reserved for work that may fail. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "api.h"
#include "dates.h"

/* A meter with its texts behind it. */
static latchkey_meter *meter_of(const lk_json *answer) {
    const char *id = lk_text_member(answer, "id"), *reservation = lk_text_member(answer, "reservation");
    if (!id) id = "";
    size_t id_size = strlen(id) + 1, reservation_size = reservation ? strlen(reservation) + 1 : 0;
    latchkey_meter *meter = calloc(1, sizeof *meter + id_size + reservation_size);
    if (!meter) return NULL;
    char *texts = (char *)(meter + 1);
    memcpy(texts, id, id_size);
    meter->id = texts;
    if (reservation) {
        memcpy(texts + id_size, reservation, reservation_size);
        meter->reservation = texts + id_size;
    }
    const lk_json *used = lk_member(answer, "used"), *reserved = lk_member(answer, "reserved");
    const lk_json *limit = lk_member(answer, "limit"), *remaining = lk_member(answer, "remaining");
    if (used) meter->used = used->number;
    if (reserved) meter->reserved = reserved->number;
    meter->has_limit = limit && limit->kind == LK_NUMBER;
    if (meter->has_limit) meter->limit = limit->number;
    if (meter->has_limit && remaining) meter->remaining = remaining->number;
    double expires_at = reservation ? lk_read_date(lk_text_member(answer, "expires_at")) : -1;
    meter->expires_at = expires_at < 0 ? LATCHKEY_NONE : (int64_t)floor(expires_at * 1000 + 0.5);
    return meter;
}

void latchkey_meter_free(latchkey_meter *meter) {
    free(meter);
}

static bool is_text(const char *text) {
    return text && *text && lk_is_utf8(text, strlen(text));
}

/* Sends a body to one of the calls of usage. The body is taken, and so is an error that came before. */
static latchkey_result call(latchkey_client *client, latchkey_error *failure, const char *path, lk_text *body,
                            latchkey_meter **after, latchkey_error **error) {
    lk_arena arena = {0};
    const lk_json *answer = NULL;
    latchkey_meter *meter = NULL;
    if (after) *after = NULL;
    if (failure)
        lk_text_free(body);
    else
        failure = lk_post(client, &arena, path, body, true, &answer);
    if (!failure && !(meter = meter_of(answer))) failure = lk_error_out_of_memory();
    if (after)
        *after = meter;
    else
        latchkey_meter_free(meter);
    lk_arena_free(&arena);
    return lk_end(failure, error);
}

/* Begins the body of a use of a meter. */
static latchkey_error *begin_use(latchkey_client *client, lk_text *body, const char *meter, int64_t amount) {
    lk_arena arena = {0};
    const char *license_key = NULL;
    latchkey_error *failure = NULL;
    if (!is_text(meter))
        failure = lk_error_invalid("The name of the meter is missing, or not UTF-8.");
    else if (amount < 0)
        failure = lk_error_invalid("The amount is below zero.");
    else
        failure = lk_kept_key(client, &arena, &license_key);
    if (!failure) {
        lk_begin_body(body, client, license_key);
        lk_put_text(body, "app_version", client->options.app.version);
        lk_put_text(body, "meter", meter);
        lk_put_whole(body, "amount", amount);
    }
    lk_arena_free(&arena);
    return failure;
}

latchkey_result latchkey_client_usage_increment(latchkey_client *client, const char *meter, int64_t amount,
                                                latchkey_meter **after, latchkey_error **error) {
    lk_text body = {0};
    latchkey_error *failure = begin_use(client, &body, meter, amount);
    return call(client, failure, "/api/license/usage/increment", &body, after, error);
}

latchkey_result latchkey_client_usage_reserve(latchkey_client *client, const char *meter, int64_t amount,
                                              int64_t ttl, latchkey_meter **after, latchkey_error **error) {
    lk_text body = {0};
    latchkey_error *failure = ttl < 1 ? lk_error_invalid("ttl is not a number of seconds.")
                                      : begin_use(client, &body, meter, amount);
    if (!failure) lk_put_whole(&body, "ttl", ttl);
    return call(client, failure, "/api/license/usage/reserve", &body, after, error);
}

static latchkey_error *begin_reservation(lk_text *body, const char *reservation) {
    if (!is_text(reservation)) return lk_error_invalid("The reservation is missing, or not UTF-8.");
    lk_append_char(body, '{');
    lk_put_text(body, "reservation", reservation);
    return NULL;
}

latchkey_result latchkey_client_usage_commit(latchkey_client *client, const char *reservation, int64_t amount,
                                             latchkey_meter **after, latchkey_error **error) {
    lk_text body = {0};
    latchkey_error *failure = begin_reservation(&body, reservation);
    if (!failure && amount >= 0) lk_put_whole(&body, "amount", amount);
    return call(client, failure, "/api/license/usage/commit", &body, after, error);
}

latchkey_result latchkey_client_usage_release(latchkey_client *client, const char *reservation,
                                              latchkey_meter **after, latchkey_error **error) {
    lk_text body = {0};
    latchkey_error *failure = begin_reservation(&body, reservation);
    return call(client, failure, "/api/license/usage/release", &body, after, error);
}
