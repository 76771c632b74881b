/* A transport that plays answers, and remembers what was sent. */
#ifndef FAKE_SERVER_H
#define FAKE_SERVER_H

#include <latchkey.h>
#include <stdbool.h>

/* Status 0: the server is not reached. */
typedef struct fake_answer {
    int status;
    const char *retry_after;
    const char *body;
} fake_answer;

typedef struct fake_server {
    const fake_answer *answers;
    size_t count;
    size_t requests;
    /* Whether all requests since fake_play() had one idempotency key. */
    bool has_same_key;
    /* Waits until the request is cancelled. */
    bool is_hanging;
    char *key;
    /* The last body. */
    char *body;
} fake_server;

/* Good options, with the transport, no delays and no device. */
void fake_options(fake_server *server, latchkey_options *options);
/* After the last answer the server is not reached. */
void fake_play(fake_server *server, const fake_answer *answers, size_t count);
void fake_end(fake_server *server);

#endif
