/* The status of a client, and listeners, which are told of each new state. */
#include <math.h>
#include <stdlib.h>

#include "client.h"

latchkey_error *lk_make_status(latchkey_client *client, const lk_instead *instead, latchkey_status **status) {
    lk_record *record = lk_kept_read(&client->kept);
    latchkey_status *made = calloc(1, sizeof *made);
    bool is_made = record && made;
    if (is_made) {
        lk_local_state(made, record, &client->options, floor(lk_now(client)));
        if (instead && !(instead->unless_usable && lk_is_usable(made->state))) {
            made->state = instead->state;
            made->reason = lk_copy(&made->arena, instead->reason);
            if (instead->code) made->code = lk_copy(&made->arena, instead->code);
        }
        lk_lock(&client->mutex);
        if (client->error) made->error = lk_error_of(client->error);
        lk_unlock(&client->mutex);
        made->storage_error = lk_kept_error(&client->kept, &made->arena);
        is_made = lk_finish_status(made);
    }
    lk_record_free(record);
    if (is_made) {
        *status = made;
        return NULL;
    }
    latchkey_status_free(made);
    return lk_error_out_of_memory();
}

latchkey_result lk_end_with(latchkey_error *failure, latchkey_status *found, latchkey_status **status,
                            latchkey_error **error) {
    if (status) *status = failure ? NULL : found;
    if (failure || !status) latchkey_status_free(found);
    return lk_end(failure, error);
}

latchkey_result latchkey_client_status(latchkey_client *client, latchkey_status **status,
                                       latchkey_error **error) {
    latchkey_status *found = NULL;
    latchkey_error *failure = lk_make_status(client, NULL, &found);
    return lk_end_with(failure, found, status, error);
}

/* Remembers which thread calls listeners. */
static void set_teller(latchkey_client *client) {
    lk_lock(&client->mutex);
    client->has_teller = client->is_telling > 0;
    client->teller = lk_current_thread();
    lk_unlock(&client->mutex);
}

/* Removes listeners that were removed while listeners were called. */
static void sweep(latchkey_client *client) {
    for (lk_listener **at = &client->listeners; *at;) {
        lk_listener *listener = *at;
        if (listener->call) {
            at = &listener->next;
        } else {
            *at = listener->next;
            free(listener);
        }
    }
}

latchkey_error *lk_tell(latchkey_client *client, latchkey_status **status) {
    latchkey_status *found = NULL;
    /* The mutex is held all the time, so that states are told in their order. */
    lk_lock(&client->telling);
    latchkey_error *failure = lk_make_status(client, NULL, &found);
    if (!failure && (int)found->state != client->last_state) {
        client->last_state = (int)found->state;
        client->is_telling++;
        set_teller(client);
        uint64_t last = client->last_number;
        for (lk_listener *listener = client->listeners; listener; listener = listener->next) {
            bool is_new = listener->number > last;
            if (listener->call && !is_new) listener->call(listener->context, found);
        }
        if (--client->is_telling == 0) sweep(client);
        set_teller(client);
    }
    lk_unlock(&client->telling);
    if (status)
        *status = found;
    else
        latchkey_status_free(found);
    return failure;
}

uint64_t latchkey_client_on_change(latchkey_client *client, latchkey_listener listener, void *context) {
    lk_listener *made = listener ? calloc(1, sizeof *made) : NULL;
    if (!made) return 0;
    made->call = listener;
    made->context = context;
    lk_lock(&client->telling);
    uint64_t number = ++client->last_number;
    made->number = number;
    lk_listener **last = &client->listeners;
    while (*last) last = &(*last)->next;
    *last = made;
    lk_unlock(&client->telling);
    return number;
}

void latchkey_client_remove_listener(latchkey_client *client, uint64_t number) {
    lk_lock(&client->telling);
    for (lk_listener *listener = client->listeners; listener; listener = listener->next) {
        if (listener->number == number) listener->call = NULL;
    }
    if (client->is_telling == 0) sweep(client);
    lk_unlock(&client->telling);
}
