/* Making, starting and stopping a client; its status and its listeners. */
#include "client.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "crypto.h"
#include "refresh.h"
#include "seats.h"

/* The first refresh comes within so many seconds after the start. */
static const double FIRST = 5;
/* Seconds: no refresh is nearer to the one before. */
static const double SHORTEST_INTERVAL = 60;

double lk_now(latchkey_client *client) {
    return client->options.clock(client->options.clock_context);
}

double lk_fraction(latchkey_client *client) {
    unsigned char bytes[2] = {0, 0};
    if (client->options.random(client->options.random_context, bytes, sizeof bytes) != 0) return 1;
    return (bytes[0] * 256.0 + bytes[1]) / 65535;
}

const char *lk_random_text(latchkey_client *client, lk_arena *arena, bool is_hex) {
    unsigned char bytes[16];
    lk_text out = {0};
    if (client->options.random(client->options.random_context, bytes, sizeof bytes) != 0) return NULL;
    if (is_hex)
        lk_write_hex(&out, bytes, sizeof bytes);
    else
        lk_write_base64(&out, bytes, sizeof bytes);
    const char *text = out.failed ? NULL : lk_copy(arena, out.bytes);
    if (!text) arena->failed = true;
    lk_text_free(&out);
    return text;
}

/* Seconds until the next refresh: a third of the activation's time at the latest, and when the server asks
 * for it. */
static double refresh_in_background(latchkey_client *client) {
    latchkey_error_free(lk_refresh_once(client, NULL));
    double share = 0.9 + lk_fraction(client) / 10, now = lk_now(client);
    lk_lock(&client->mutex);
    double next = client->options.refresh_interval;
    if (client->lease_ends >= 0) next = fmin(next, (client->lease_ends - now) / 3);
    if (client->error) next = fmax(next, client->error->retry_after);
    lk_unlock(&client->mutex);
    /* Between nine tenths and the whole: many apps that were started at once do not stay together. */
    return fmax(next * share, SHORTEST_INTERVAL);
}

static bool init_mutexes(latchkey_client *client) {
    if (!lk_mutex_init(&client->turn)) return false;
    if (lk_mutex_init(&client->lifecycle)) {
        if (lk_mutex_init(&client->telling)) {
            if (lk_mutex_init(&client->mutex)) {
                if (lk_condition_init(&client->changed)) return true;
                lk_mutex_destroy(&client->mutex);
            }
            lk_mutex_destroy(&client->telling);
        }
        lk_mutex_destroy(&client->lifecycle);
    }
    lk_mutex_destroy(&client->turn);
    return false;
}

latchkey_result latchkey_client_new(const latchkey_options *options, latchkey_client **client,
                                    latchkey_error **error) {
    if (!client) return lk_end(lk_error_invalid("The address for the client is NULL."), error);
    *client = NULL;
    latchkey_client *made = calloc(1, sizeof *made);
    if (!made) return lk_end(lk_error_out_of_memory(), error);
    latchkey_error *failure = lk_read_options(options, &made->options);
    bool has_kept = !failure && lk_kept_init(&made->kept, made->options.storage);
    if (!has_kept || !init_mutexes(made)) {
        if (has_kept) lk_kept_destroy(&made->kept);
        if (!failure) lk_options_free(&made->options);
        free(made);
        return lk_end(failure ? failure : lk_error_out_of_memory(), error);
    }
    made->last_state = -1;
    made->lease_ends = -1;
    made->refresh_loop.client = made->seat_loop.client = made;
    made->refresh_loop.turn = refresh_in_background;
    made->seat_loop.turn = lk_renew_seat;
    made->refresh_loop.due = made->seat_loop.due = -1;
    *client = made;
    return lk_end(NULL, error);
}

void latchkey_client_free(latchkey_client *client) {
    if (!client) return;
    latchkey_client_stop(client);
    lk_condition_destroy(&client->changed);
    lk_mutex_destroy(&client->mutex);
    lk_mutex_destroy(&client->telling);
    lk_mutex_destroy(&client->lifecycle);
    lk_mutex_destroy(&client->turn);
    lk_kept_destroy(&client->kept);
    while (client->listeners) {
        lk_listener *next = client->listeners->next;
        free(client->listeners);
        client->listeners = next;
    }
    latchkey_error_free(client->error);
    latchkey_session_free(client->session);
    lk_options_free(&client->options);
    free(client);
}

/* Whether a listener calls. It cannot wait for a thread of the client: that may be its own, or wait for
 * listeners. */
static bool is_listener(latchkey_client *client) {
    lk_lock(&client->mutex);
    bool is_own = lk_loop_is_own(&client->refresh_loop) || lk_loop_is_own(&client->seat_loop) ||
                  (client->has_teller && lk_is_current_thread(client->teller));
    lk_unlock(&client->mutex);
    return is_own;
}

latchkey_result latchkey_client_start(latchkey_client *client, latchkey_status **status,
                                      latchkey_error **error) {
    latchkey_status *found = NULL;
    latchkey_error *failure = lk_make_status(client, NULL, &found);
    double first = FIRST * lk_fraction(client);
    if (!failure && !is_listener(client)) {
        lk_lock(&client->lifecycle);
        /* Threads that a listener has stopped. */
        lk_loop_join(&client->refresh_loop);
        lk_loop_join(&client->seat_loop);
        lk_lock(&client->mutex);
        client->is_stopped = false;
        bool is_running = client->refresh_loop.is_wanted;
        if (!is_running && !lk_loop_schedule(&client->refresh_loop, first))
            failure = lk_error_out_of_memory();
        lk_unlock(&client->mutex);
        lk_unlock(&client->lifecycle);
    }
    return lk_end_with(failure, found, status, error);
}

void latchkey_client_stop(latchkey_client *client) {
    lk_lock(&client->mutex);
    client->stops++;
    client->is_stopped = true;
    client->refresh_loop.is_wanted = client->seat_loop.is_wanted = false;
    client->refresh_loop.due = client->seat_loop.due = -1;
    lk_wake_all(&client->changed);
    lk_unlock(&client->mutex);
    /* Its threads end by themselves then; the next start or the end waits for them. */
    if (is_listener(client)) return;
    lk_lock(&client->lifecycle);
    lk_loop_join(&client->refresh_loop);
    lk_loop_join(&client->seat_loop);
    lk_unlock(&client->lifecycle);
}

void lk_set_error(latchkey_client *client, const latchkey_error *error) {
    latchkey_error *copy = error ? lk_error_of(error) : NULL;
    lk_lock(&client->mutex);
    latchkey_error *before = client->error;
    client->error = copy;
    lk_unlock(&client->mutex);
    latchkey_error_free(before);
}

latchkey_error *lk_kept_key(latchkey_client *client, lk_arena *arena, const char **license_key) {
    lk_record *record = lk_kept_read(&client->kept);
    *license_key = record ? lk_copy(arena, record->license_key) : NULL;
    bool has_memory = record && !arena->failed;
    lk_record_free(record);
    if (!has_memory) return lk_error_out_of_memory();
    if (*license_key) return NULL;
    return lk_error(LATCHKEY_ERROR_NOT_ACTIVATED, "NOT_ACTIVATED", "There is no license on this device yet.");
}
