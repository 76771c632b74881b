/* The threads of a client. */
#include "loop.h"

#include "client.h"

static void run(void *context) {
    lk_loop *loop = context;
    latchkey_client *client = loop->client;
    lk_lock(&client->mutex);
    while (loop->is_wanted) {
        double left = loop->due - lk_monotonic();
        if (loop->due < 0) {
            lk_wait(&client->changed, &client->mutex, -1);
        } else if (left > 0) {
            lk_wait(&client->changed, &client->mutex, left);
        } else {
            loop->due = -1;
            lk_unlock(&client->mutex);
            double delay = loop->turn(client);
            lk_lock(&client->mutex);
            /* Unless another thread has scheduled it meanwhile. */
            if (delay >= 0 && loop->due < 0) loop->due = lk_monotonic() + delay;
        }
    }
    lk_unlock(&client->mutex);
}

bool lk_loop_schedule(lk_loop *loop, double delay) {
    loop->due = lk_monotonic() + delay;
    loop->is_wanted = true;
    if (!loop->has_thread) loop->has_thread = lk_thread_start(&loop->thread, run, loop);
    lk_wake_all(&loop->client->changed);
    return loop->has_thread;
}

bool lk_loop_is_own(const lk_loop *loop) {
    return loop->has_thread && lk_is_own_thread(loop->thread);
}

void lk_loop_join(lk_loop *loop) {
    lk_lock(&loop->client->mutex);
    bool has_thread = loop->has_thread && !loop->is_wanted;
    lk_thread thread = loop->thread;
    lk_unlock(&loop->client->mutex);
    if (!has_thread) return;
    lk_thread_join(thread);
    lk_lock(&loop->client->mutex);
    loop->has_thread = false;
    lk_unlock(&loop->client->mutex);
}
