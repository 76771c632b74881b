/* The conformance program: calls as JSON, and what came of each. */
#ifndef PROGRAM_H
#define PROGRAM_H

#include <latchkey.h>
#include <pthread.h>

#include "../src/json.h"

typedef struct program {
    pthread_mutex_t mutex;
    latchkey_client *client;
    /* The time at which the clock stands, or how far it is ahead. */
    bool is_standing;
    double now;
    double offset;
    /* The states that the listener heard, as members of a list. */
    lk_text states;
} program;

/* What came of a call, written to `out`. */
void run_call(program *program, const lk_json *call, lk_text *out);
/* Opens a client in place of the one before. */
void run_open(program *program, const lk_json *call, lk_text *out);
/* Closes the client. */
void close_client(program *program);

void put_error(lk_text *out, latchkey_error *error);

#endif
