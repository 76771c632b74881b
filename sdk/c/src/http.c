/* The members of requests and answers as the public header has them. */
#include "http.h"

#include <string.h>

const char *latchkey_request_method(const latchkey_request *request) {
    return request->method;
}
const char *latchkey_request_url(const latchkey_request *request) {
    return request->url;
}
size_t latchkey_request_header_count(const latchkey_request *request) {
    return request->header_count;
}

latchkey_pair latchkey_request_header(const latchkey_request *request, size_t index) {
    latchkey_pair none = {NULL, NULL};
    return index < request->header_count ? request->headers[index] : none;
}

const char *latchkey_request_body(const latchkey_request *request) {
    return request->body;
}
size_t latchkey_request_body_length(const latchkey_request *request) {
    return request->length;
}
double latchkey_request_timeout(const latchkey_request *request) {
    return request->timeout;
}

int latchkey_request_is_cancelled(const latchkey_request *request) {
    latchkey_client *client = request->client;
    lk_lock(&client->mutex);
    bool is_cancelled = client->stops != request->stops;
    lk_unlock(&client->mutex);
    return is_cancelled;
}

void latchkey_response_set_status(latchkey_response *response, int status) {
    response->status = status;
}

static bool is_name(const char *name, const char *lower) {
    for (; *lower; name++, lower++) {
        char character = *name >= 'A' && *name <= 'Z' ? (char)(*name - 'A' + 'a') : *name;
        if (character != *lower) return false;
    }
    return *name == '\0';
}

void latchkey_response_add_header(latchkey_response *response, const char *name, const char *value) {
    if (!name || !value) return;
    /* Of headers that are there twice the last one counts. */
    if (is_name(name, "retry-after")) response->retry_after = lk_copy(&response->arena, value);
    if (is_name(name, "x-request-id")) response->request_id = lk_copy(&response->arena, value);
}

int latchkey_response_append(latchkey_response *response, const char *bytes, size_t length) {
    if (length > LK_MAX_ANSWER || response->body.length + length > LK_MAX_ANSWER) {
        latchkey_response_set_failure(response, "The answer is too large.");
        return -1;
    }
    lk_append(&response->body, bytes, length);
    return response->body.failed ? -1 : 0;
}

void latchkey_response_set_failure(latchkey_response *response, const char *message) {
    response->failure = lk_copy(&response->arena, message);
}
