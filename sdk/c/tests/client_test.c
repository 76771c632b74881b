/* A client with a transport of the test: what is sent, repeated, believed, kept, and told to listeners. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../src/json.h"
#include "check.h"
#include "fake_server.h"

static latchkey_client *connect(fake_server *server) {
    latchkey_options options;
    latchkey_client *client = NULL;
    latchkey_device *device = NULL;
    fake_options(server, &options);
    EXPECT(latchkey_device_new("9f86d081884c7d65", NULL, 0, &device, NULL) == LATCHKEY_OK);
    options.device = device;
    EXPECT(latchkey_client_new(&options, &client, NULL) == LATCHKEY_OK);
    latchkey_device_free(device);
    return client;
}

static void options_are_checked(void) {
    latchkey_options options;
    latchkey_client *client = NULL;
    latchkey_error *error = NULL;
    latchkey_options_init(&options, sizeof options);
    EXPECT(latchkey_client_new(&options, &client, &error) == LATCHKEY_ERROR_INVALID_ARGUMENT);
    EXPECT_TEXT(latchkey_error_code(error), "INVALID_OPTIONS");
    EXPECT(client == NULL);
    latchkey_error_free(error);
    EXPECT(latchkey_client_new(NULL, &client, NULL) == LATCHKEY_ERROR_INVALID_ARGUMENT);
    options.size = 0;
    EXPECT(latchkey_client_new(&options, &client, NULL) == LATCHKEY_ERROR_INVALID_ARGUMENT);
}

static void network_errors_are_repeated(void) {
    fake_server server = {0};
    latchkey_client *client = connect(&server);
    latchkey_error *error = NULL;
    fake_answer answers[] = {{0, NULL, NULL}, {503, "0", "{}"}, {429, "0", "{}"}, {500, NULL, "<h1>"}};
    fake_play(&server, answers, 4);
    EXPECT(latchkey_client_activate(client, "TEST-TEST-TEST-TEST", NULL, &error) == LATCHKEY_ERROR_REFUSED);
    EXPECT_TEXT(latchkey_error_code(error), "HTTP_500");
    EXPECT(server.requests == 4);
    EXPECT(server.has_same_key);
    latchkey_error_free(error);
    fake_play(&server, answers, 1);
    EXPECT(latchkey_client_deactivate(client, NULL, &error) == LATCHKEY_ERROR_NOT_ACTIVATED);
    latchkey_error_free(error);
    latchkey_client_free(client);
    fake_end(&server);
}

static void refusals_are_states(void) {
    fake_server server = {0};
    latchkey_client *client = connect(&server);
    latchkey_status *status = NULL;
    fake_answer answers[] = {{409, NULL,
                              "{\"error\":{\"code\":\"ACTIVATION_LIMIT_REACHED\",\"message\":\"All 3 are in "
                              "use.\",\"details\":{\"limit\":3}}}"}};
    fake_play(&server, answers, 1);
    EXPECT(latchkey_client_activate(client, " test test test test ", &status, NULL) == LATCHKEY_OK);
    EXPECT(latchkey_status_state(status) == LATCHKEY_STATE_LIMIT_REACHED);
    EXPECT_TEXT(latchkey_status_reason(status), "All 3 are in use.");
    EXPECT_TEXT(latchkey_error_details(latchkey_status_error(status)), "{\"limit\":3}");
    EXPECT(strstr(server.body, "\"license_key\":\"test test test test\"") != NULL);
    latchkey_status_free(status);
    latchkey_client_free(client);
    fake_end(&server);
}

static void unsigned_answers_are_not_believed(void) {
    fake_server server = {0};
    latchkey_client *client = connect(&server);
    latchkey_status *status = NULL;
    fake_answer answers[] = {{201, NULL, "{}"}, {200, NULL, "{\"valid\":true,\"code\":\"VALID\"}"}};
    fake_play(&server, answers, 2);
    EXPECT(latchkey_client_activate(client, "TEST-TEST-TEST-TEST", &status, NULL) == LATCHKEY_OK);
    EXPECT(latchkey_status_state(status) == LATCHKEY_STATE_NOT_ACTIVATED);
    EXPECT_TEXT(latchkey_error_code(latchkey_status_error(status)), "UNTRUSTED_ANSWER");
    latchkey_status_free(status);
    latchkey_client_free(client);
    fake_end(&server);
}

typedef struct heard {
    latchkey_client *client;
    int count;
} heard;

static void hear(void *context, const latchkey_status *status) {
    heard *all = context;
    all->count++;
    EXPECT(latchkey_status_state(status) == LATCHKEY_STATE_NOT_ACTIVATED);
    /* A listener may call the client, and stop it. */
    EXPECT(latchkey_client_refresh(all->client, NULL, NULL) == LATCHKEY_OK);
    latchkey_client_stop(all->client);
}

static void listeners_may_call_and_stop(void) {
    fake_server server = {0};
    heard all = {connect(&server), 0};
    uint64_t number = latchkey_client_on_change(all.client, hear, &all);
    EXPECT(number != 0);
    for (int time = 0; time < 3; time++) {
        EXPECT(latchkey_client_start(all.client, NULL, NULL) == LATCHKEY_OK);
        EXPECT(latchkey_client_refresh(all.client, NULL, NULL) == LATCHKEY_OK);
    }
    EXPECT(all.count == 1);
    latchkey_client_remove_listener(all.client, number);
    latchkey_client_remove_listener(all.client, 99);
    latchkey_client_free(all.client);
    fake_end(&server);
}

static void *call_often(void *client) {
    for (int time = 0; time < 20; time++) {
        latchkey_status *status = NULL;
        latchkey_client_start(client, NULL, NULL);
        EXPECT(latchkey_client_refresh(client, &status, NULL) == LATCHKEY_OK);
        latchkey_status_free(status);
        latchkey_client_install_file(client, "nothing", NULL, NULL, NULL);
        latchkey_client_stop(client);
    }
    return NULL;
}

static void threads_call_at_once(void) {
    fake_server server = {0};
    latchkey_client *client = connect(&server);
    pthread_t threads[6];
    for (int index = 0; index < 6; index++) pthread_create(&threads[index], NULL, call_often, client);
    for (int index = 0; index < 6; index++) pthread_join(threads[index], NULL);
    latchkey_client_free(client);
    fake_end(&server);
}

static void *activate_slowly(void *client) {
    latchkey_error *error = NULL;
    EXPECT(latchkey_client_activate(client, "TEST-TEST-TEST-TEST", NULL, &error) == LATCHKEY_ERROR_NETWORK);
    latchkey_error_free(error);
    return NULL;
}

static void stop_ends_waiting_calls(void) {
    fake_server server = {.is_hanging = true};
    latchkey_client *client = connect(&server);
    pthread_t thread;
    pthread_create(&thread, NULL, activate_slowly, client);
    usleep(200000);
    latchkey_client_stop(client);
    pthread_join(thread, NULL);
    latchkey_client_free(client);
    fake_end(&server);
}

int main(void) {
    options_are_checked();
    network_errors_are_repeated();
    refusals_are_states();
    unsigned_answers_are_not_believed();
    listeners_may_call_and_stop();
    threads_call_at_once();
    stop_ends_waiting_calls();
    return failures();
}
