/* A transport of tests. */
#include "fake_server.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *copy_of(const char *text) {
    char *copy = text ? malloc(strlen(text) + 1) : NULL;
    return copy ? strcpy(copy, text) : NULL;
}

static void remember(fake_server *server, const latchkey_request *request) {
    for (size_t index = 0; index < latchkey_request_header_count(request); index++) {
        latchkey_pair header = latchkey_request_header(request, index);
        if (strcmp(header.name, "Idempotency-Key") != 0) continue;
        if (server->key && strcmp(server->key, header.value) != 0) server->has_same_key = false;
        free(server->key);
        server->key = copy_of(header.value);
    }
    free(server->body);
    server->body = copy_of(latchkey_request_body(request));
}

static int transport(void *context, const latchkey_request *request, latchkey_response *response) {
    fake_server *server = context;
    while (server->is_hanging && !latchkey_request_is_cancelled(request)) usleep(1000);
    if (server->is_hanging || !server->answers) return -1;
    remember(server, request);
    size_t index = server->requests++;
    if (index >= server->count || server->answers[index].status == 0) return -1;
    const fake_answer *answer = &server->answers[index];
    latchkey_response_set_status(response, answer->status);
    if (answer->retry_after) latchkey_response_add_header(response, "RETRY-AFTER", answer->retry_after);
    latchkey_response_add_header(response, "x-request-id", "request-1");
    return latchkey_response_append(response, answer->body, strlen(answer->body));
}

void fake_options(fake_server *server, latchkey_options *options) {
    latchkey_options_init(options, sizeof *options);
    options->url = "https://licenses.example.com/";
    options->api_key = "lk_test";
    options->product = "painter";
    options->version = "2.1.0";
    options->public_keys_json = "{\"keys\":[{\"kid\":\"UDDReOZl1ipXAfp9wYsm13sDBMK5og--QWdBjzuf6o4\","
                                "\"x\":\"iojj3XQJ8ZX9UtstPLpdcspnCb8dlBIb83SIAbQPb1w\"}]}";
    options->retry_first_delay = 0.001;
    options->transport = transport;
    options->transport_context = server;
}

void fake_play(fake_server *server, const fake_answer *answers, size_t count) {
    free(server->key);
    server->key = NULL;
    server->has_same_key = true;
    server->answers = answers;
    server->count = count;
    server->requests = 0;
}

void fake_end(fake_server *server) {
    free(server->key);
    free(server->body);
}
