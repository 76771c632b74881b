/* Requests and answers, as transports see them. */
#ifndef LK_HTTP_H
#define LK_HTTP_H

#include "client.h"

struct latchkey_request {
    const char *method;
    const char *url;
    latchkey_pair headers[4];
    size_t header_count;
    const char *body;
    size_t length;
    double timeout;
    latchkey_client *client;
    /* The number of stops when the call began. */
    unsigned stops;
};

struct latchkey_response {
    lk_arena arena;
    int status;
    lk_text body;
    const char *retry_after;
    const char *request_id;
    const char *failure;
};

/* An answer of more bytes is none of the server's. */
enum { LK_MAX_ANSWER = 4194304 };

#endif
