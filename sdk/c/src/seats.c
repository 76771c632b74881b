/* Sessions of concurrent users. */
#include "seats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "api.h"
#include "dates.h"

/* After a renewal that failed; seconds. */
static const double AGAIN = 5;

static latchkey_session *make_session(const char *id, int64_t expires_at, int64_t active_sessions,
                                      int64_t max_users) {
    size_t size = strlen(id) + 1;
    latchkey_session *session = malloc(sizeof *session + size);
    if (!session) return NULL;
    char *copy = (char *)(session + 1);
    memcpy(copy, id, size);
    session->id = copy;
    session->expires_at = expires_at;
    session->active_sessions = active_sessions;
    session->max_users = max_users;
    return session;
}

static latchkey_session *copy_session(const latchkey_session *session) {
    if (!session) return NULL;
    return make_session(session->id, session->expires_at, session->active_sessions, session->max_users);
}

void latchkey_session_free(latchkey_session *session) {
    free(session);
}

/* The session of an answer. NULL when it has none, or without memory. */
static latchkey_session *session_of(const lk_json *answer) {
    const char *id = lk_text_member(answer, "session_id");
    double expires_at = lk_read_date(lk_text_member(answer, "expires_at"));
    if (!id || expires_at < 0) return NULL;
    return make_session(id, (int64_t)floor(expires_at * 1000 + 0.5),
                        lk_whole(lk_member(answer, "active_sessions"), 0),
                        lk_whole(lk_member(answer, "max_users"), 0));
}

/* A third of its time, so that two renewals may fail. */
static double until_renewal(latchkey_client *client, const latchkey_session *session) {
    return fmax(1, ((double)session->expires_at / 1000 - lk_now(client)) / 3);
}

/* Puts a session into the place of the one before. */
static void put_session(latchkey_client *client, latchkey_session *session) {
    latchkey_session *before = client->session;
    client->session = session;
    latchkey_session_free(before);
}

latchkey_session *latchkey_client_seats_session(latchkey_client *client) {
    lk_lock(&client->mutex);
    latchkey_session *copy = copy_session(client->session);
    lk_unlock(&client->mutex);
    return copy;
}

static latchkey_error *untrusted(void) {
    return lk_error(LATCHKEY_ERROR_UNTRUSTED_ANSWER, "UNTRUSTED_ANSWER", "The answer has no session.");
}

latchkey_result latchkey_client_seats_start(latchkey_client *client, latchkey_session **session,
                                            latchkey_error **error) {
    lk_arena arena = {0};
    const lk_json *answer = NULL;
    const char *license_key;
    if (session) *session = NULL;
    latchkey_session *before = latchkey_client_seats_session(client), *made = NULL, *copy = NULL;
    latchkey_error *failure = lk_kept_key(client, &arena, &license_key);
    if (!failure) {
        lk_text body = {0};
        lk_begin_body(&body, client, license_key);
        if (before) lk_put_text(&body, "session_id", before->id);
        failure = lk_post(client, &arena, "/api/license/session/start", &body, true, &answer);
    }
    if (!failure) {
        made = session_of(answer);
        copy = copy_session(made);
        if (!made || !copy)
            failure = lk_text_member(answer, "session_id") ? lk_error_out_of_memory() : untrusted();
    }
    if (!failure) {
        double delay = until_renewal(client, made);
        lk_lock(&client->mutex);
        put_session(client, made);
        made = NULL;
        /* After the client was stopped, a session ends by itself. */
        if (!client->is_stopped) lk_loop_schedule(&client->seat_loop, delay);
        lk_unlock(&client->mutex);
        if (session)
            *session = copy;
        else
            latchkey_session_free(copy);
        copy = NULL;
    }
    latchkey_session_free(copy);
    latchkey_session_free(made);
    latchkey_session_free(before);
    lk_arena_free(&arena);
    return lk_end(failure, error);
}

latchkey_result latchkey_client_seats_end(latchkey_client *client, latchkey_error **error) {
    lk_arena arena = {0};
    latchkey_error *failure = NULL;
    lk_lock(&client->mutex);
    latchkey_session *session = client->session;
    client->session = NULL;
    client->seat_loop.due = -1;
    lk_unlock(&client->mutex);
    if (session) {
        const lk_json *answer;
        lk_text body = {0};
        lk_append_char(&body, '{');
        lk_put_text(&body, "session_id", session->id);
        failure = lk_post(client, &arena, "/api/license/session/end", &body, true, &answer);
    }
    latchkey_session_free(session);
    lk_arena_free(&arena);
    return lk_end(failure, error);
}

double lk_renew_seat(latchkey_client *client) {
    lk_arena arena = {0};
    lk_text body = {0};
    const lk_json *answer = NULL;
    latchkey_session *session = latchkey_client_seats_session(client);
    if (!session) return -1;
    lk_append_char(&body, '{');
    lk_put_text(&body, "session_id", session->id);
    latchkey_error *error = lk_post(client, &arena, "/api/license/session/heartbeat", &body, true, &answer);
    int status = error ? latchkey_error_status(error) : 0;
    bool is_lost = status >= 400 && status < 500 && status != 429;
    latchkey_session *renewed = error ? NULL : session_of(answer);
    double delay = renewed ? until_renewal(client, renewed) : is_lost ? -1 : AGAIN;
    lk_lock(&client->mutex);
    /* It may have been ended or started again meanwhile. */
    bool is_same = client->session && strcmp(client->session->id, session->id) == 0;
    if (is_same && (renewed || is_lost)) {
        put_session(client, renewed);
        renewed = NULL;
    }
    lk_unlock(&client->mutex);
    latchkey_session_free(renewed);
    latchkey_session_free(session);
    latchkey_error_free(error);
    lk_arena_free(&arena);
    return is_same ? delay : -1;
}
