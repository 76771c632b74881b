/* Calls to the License API. */
#include "api.h"

#include <stdlib.h>
#include <string.h>

#include "http.h"

static latchkey_error *network_error(const char *cause) {
    lk_arena arena = {0};
    const char *message =
        lk_format(&arena, "The license server was not reached%s%s", cause ? ": " : "", cause ? cause : ".");
    latchkey_error *error =
        message ? lk_error(LATCHKEY_ERROR_NETWORK, "NETWORK_ERROR", message) : lk_error_out_of_memory();
    lk_arena_free(&arena);
    return error;
}

/* The error of a refusal; of an answer that is no error of the server, such as that of a proxy, by its
 * status. */
static latchkey_error *refusal_of(latchkey_client *client, const latchkey_response *response) {
    lk_arena arena = {0};
    lk_text details = {0};
    const lk_json *body =
        lk_json_read(&arena, response->body.bytes ? response->body.bytes : "", response->body.length);
    const lk_json *error = lk_member(body, "error"), *facts = lk_member(error, "details");
    const char *code = lk_text_member(error, "code"), *message = lk_text_member(error, "message");
    if (facts && facts->kind == LK_OBJECT)
        lk_write_json(&details, facts);
    else
        lk_append_text(&details, "{}");
    const latchkey_error made = {
        .result = LATCHKEY_ERROR_REFUSED,
        .code = code ? code : lk_format(&arena, "HTTP_%d", response->status),
        .message = message ? message
                           : lk_format(&arena, "The server answered with the status %d.", response->status),
        .details = details.bytes,
        .status = response->status,
        .request_id = response->request_id,
        .retry_after = lk_read_retry_after(response->retry_after, lk_now(client)),
        .signature = lk_text_member(body, "signature"),
    };
    bool has_memory = !arena.failed && !details.failed;
    latchkey_error *copy = has_memory ? lk_error_of(&made) : lk_error_out_of_memory();
    lk_text_free(&details);
    lk_arena_free(&arena);
    return copy;
}

/* One attempt. NULL when the answer is good. */
static latchkey_error *attempt(const latchkey_request *request, latchkey_response *response) {
    latchkey_client *client = request->client;
    int result = client->options.transport(client->options.transport_context, request, response);
    if (response->arena.failed || response->body.failed) return lk_error_out_of_memory();
    bool is_answer = result == 0 && !response->failure && response->status >= 100 && response->status <= 599;
    if (!is_answer) {
        response->status = 0;
        if (latchkey_request_is_cancelled(request)) return network_error("The client was stopped.");
        return network_error(response->failure);
    }
    return response->status >= 200 && response->status < 300 ? NULL : refusal_of(client, response);
}

/* Waits before the next attempt. False when the client was stopped. */
static bool wait_for(const latchkey_request *request, double delay) {
    latchkey_client *client = request->client;
    double until = lk_monotonic() + delay, left;
    lk_lock(&client->mutex);
    while (client->stops == request->stops && (left = until - lk_monotonic()) > 0) {
        lk_wait(&client->changed, &client->mutex, left);
    }
    bool is_going_on = client->stops == request->stops && !client->is_stopped;
    lk_unlock(&client->mutex);
    return is_going_on;
}

static void forget(latchkey_response *response) {
    lk_text_free(&response->body);
    lk_arena_free(&response->arena);
    memset(response, 0, sizeof *response);
}

/* Sends a request until there is an answer. The answer is to be forgotten where there is no error. */
static latchkey_error *send_request(latchkey_client *client, latchkey_request *request, int attempts,
                                    latchkey_response *response) {
    lk_retry_policy policy = client->options.retries;
    if (attempts > 0) policy.attempts = attempts;
    lk_lock(&client->mutex);
    request->client = client;
    request->stops = client->stops;
    request->timeout = client->options.timeout;
    bool is_stopped = client->is_stopped;
    lk_unlock(&client->mutex);
    /* Of calls that waited for their turn as well. */
    if (is_stopped) return network_error("The client was stopped.");
    for (int count = 1;; count++) {
        memset(response, 0, sizeof *response);
        latchkey_error *error = attempt(request, response);
        if (!error) return NULL;
        double delay = lk_delay_before_retry(response->status, response->retry_after, count,
                                             lk_fraction(client), lk_now(client), &policy);
        forget(response);
        bool is_fatal = latchkey_error_result(error) == LATCHKEY_ERROR_OUT_OF_MEMORY;
        if (is_fatal || delay < 0 || !wait_for(request, delay)) return error;
        latchkey_error_free(error);
    }
}

static void add_header(latchkey_request *request, const char *name, const char *value) {
    request->headers[request->header_count].name = name;
    request->headers[request->header_count++].value = value;
}

static latchkey_error *untrusted_answer(int status) {
    const latchkey_error facts = {
        .result = LATCHKEY_ERROR_UNTRUSTED_ANSWER,
        .code = "UNTRUSTED_ANSWER",
        .message =
            "The answer is not that of a license server; a proxy or a sign-in page of the network may be "
            "between.",
        .status = status,
        .retry_after = -1,
    };
    return lk_error_of(&facts);
}

latchkey_error *lk_post(latchkey_client *client, lk_arena *arena, const char *path, lk_text *body,
                        bool changes, const lk_json **answer) {
    latchkey_request request = {.method = "POST"};
    latchkey_response response;
    latchkey_error *error = NULL;
    *answer = NULL;
    lk_append_char(body, '}');
    request.url = lk_format(arena, "%s%s", client->options.url, path);
    request.body = body->bytes;
    request.length = body->length;
    add_header(&request, "Content-Type", "application/json");
    add_header(&request, "X-API-Key", client->options.api_key);
    if (changes) {
        const char *key = lk_random_text(client, arena, true);
        if (!key && !arena->failed) error = lk_error_invalid("There are no random bytes.");
        add_header(&request, "Idempotency-Key", key);
    }
    if (!error && (body->failed || arena->failed)) error = lk_error_out_of_memory();
    if (!error) error = send_request(client, &request, 0, &response);
    if (!error) {
        const lk_json *read =
            lk_json_read(arena, response.body.bytes ? response.body.bytes : "", response.body.length);
        *answer = read && read->kind == LK_OBJECT ? read : NULL;
        if (arena->failed)
            error = lk_error_out_of_memory();
        else if (!*answer)
            error = untrusted_answer(response.status);
        forget(&response);
    }
    lk_text_free(body);
    return error;
}

latchkey_error *lk_get_text(latchkey_client *client, const char *url, lk_text *text) {
    latchkey_request request = {.method = "GET", .url = url};
    latchkey_response response;
    latchkey_error *error = send_request(client, &request, 1, &response);
    if (error) return error;
    *text = response.body;
    memset(&response.body, 0, sizeof response.body);
    forget(&response);
    return NULL;
}

void lk_begin_body(lk_text *body, latchkey_client *client, const char *license_key) {
    lk_append_char(body, '{');
    lk_put_text(body, "license_key", license_key);
    lk_put_text(body, "hardware_hash", client->options.device->fingerprint);
}
