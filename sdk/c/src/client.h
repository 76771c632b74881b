/* The client and what its parts share. */
#ifndef LK_CLIENT_H
#define LK_CLIENT_H

#include "kept_record.h"
#include "loop.h"
#include "status.h"

typedef struct lk_listener {
    uint64_t number;
    latchkey_listener call;
    void *context;
    struct lk_listener *next;
} lk_listener;

struct latchkey_client {
    lk_options options;
    lk_kept kept;
    /* Requests about the license follow one another. It is taken before all others. */
    lk_mutex turn;
    /* Held while the client is started and stopped. */
    lk_mutex lifecycle;
    /* Held while listeners are called: it guards what is below it. No other mutex of the client is held then.
     */
    lk_mutex telling;
    lk_listener *listeners;
    uint64_t last_number;
    /* The state that listeners were told last; negative: none. */
    int last_state;
    int is_telling;
    /* Guards all that follows; it is held for moments only. */
    lk_mutex mutex;
    lk_condition changed;
    /* Grows with each stop: requests and delays that began before are ended. */
    unsigned stops;
    bool is_stopped;
    /* The thread that calls listeners, while it does. */
    bool has_teller;
    lk_thread_id teller;
    bool is_refreshing;
    unsigned refreshes;
    /* Why the server's answer is not known, or what it refused last. */
    latchkey_error *error;
    /* When the activation ends without another refresh; negative: never. */
    double lease_ends;
    lk_loop refresh_loop;
    lk_loop seat_loop;
    latchkey_session *session;
};

/* Seconds since 1970. */
double lk_now(latchkey_client *client);
/* A random number from 0 to 1. */
double lk_fraction(latchkey_client *client);
/* Random bytes as text: in base64url, or in hexadecimal. NULL when there are none. */
const char *lk_random_text(latchkey_client *client, lk_arena *arena, bool is_hex);

/* Remembers an error for the status, NULL for none; it is copied. */
void lk_set_error(latchkey_client *client, const latchkey_error *error);

/* A state that is returned in place of that of the device: of a refusal, or a file that is not taken. */
typedef struct lk_instead {
    latchkey_state state;
    const char *reason;
    /* NULL: that of the device. */
    const char *code;
    /* Only when the device has no license that may be used. */
    bool unless_usable;
} lk_instead;

/* The status at this moment; `instead` may be NULL. */
latchkey_error *lk_make_status(latchkey_client *client, const lk_instead *instead, latchkey_status **status);
/* The status, of which listeners are told when the state is another one. No mutex of the client may be held.
 */
latchkey_error *lk_tell(latchkey_client *client, latchkey_status **status);
/* Ends a call: the status is given to the caller or freed. */
latchkey_result lk_end_with(latchkey_error *failure, latchkey_status *found, latchkey_status **status,
                            latchkey_error **error);

/* The license key that is kept, or the error NOT_ACTIVATED. */
latchkey_error *lk_kept_key(latchkey_client *client, lk_arena *arena, const char **license_key);
/* Tells the server that the device gives something back, and forgets it. The device stays as it was after a
 * refusal. */
latchkey_result lk_give_back(latchkey_client *client, const char *path,
                             latchkey_error *(*forget_it)(latchkey_client *client), latchkey_status **status,
                             latchkey_error **error);

#endif
