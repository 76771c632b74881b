/* Something that is done again and again in a thread, until the client stops. */
#ifndef LK_LOOP_H
#define LK_LOOP_H

#include "../include/latchkey.h"
#include "platform.h"

typedef struct lk_loop {
    latchkey_client *client;
    /* Does it; returns the seconds until the next time, negative: not before lk_loop_schedule(). */
    double (*turn)(latchkey_client *client);
    lk_thread thread;
    bool has_thread;
    bool is_wanted;
    /* When it is done next, by lk_monotonic(); negative: not. */
    double due;
} lk_loop;

/* All are called with the client's mutex held once. */

/* Does it in so many seconds, by a new thread unless there is one. False when there is no thread. */
bool lk_loop_schedule(lk_loop *loop, double delay);
/* Whether the loop's thread is the one that calls. */
bool lk_loop_is_own(const lk_loop *loop);

/* Ends the thread and waits for it; without the mutex, by a thread that holds the client's lifecycle. */
void lk_loop_join(lk_loop *loop);

#endif
