/* Opens a client with the options of a call. Only those that are given are set: the library's defaults are
 * tried as well. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "program.h"

static double read_clock(void *context) {
    program *program = context;
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    pthread_mutex_lock(&program->mutex);
    double system = (double)time.tv_sec + (double)time.tv_nsec / 1e9;
    double now = program->is_standing ? program->now : system + program->offset;
    pthread_mutex_unlock(&program->mutex);
    return now;
}

static int fill_with_ones(void *context, unsigned char *bytes, size_t length) {
    (void)context;
    memset(bytes, 1, length);
    return 0;
}

static void hear(void *context, const latchkey_status *status) {
    program *program = context;
    const char *state = latchkey_state_name(latchkey_status_state(status));
    pthread_mutex_lock(&program->mutex);
    if (program->states.length > 0) lk_append_char(&program->states, ',');
    lk_write_string(&program->states, state, strlen(state));
    pthread_mutex_unlock(&program->mutex);
}

static void set_number(const lk_json *call, const char *name, double *option) {
    const lk_json *value = lk_member(call, name);
    if (value && value->kind == LK_NUMBER)
        *option = value->number;
    else if (value && value->kind != LK_NULL)
        *option = -1;
}

void close_client(program *program) {
    latchkey_client_free(program->client);
    program->client = NULL;
}

static latchkey_result make_device(const lk_json *call, latchkey_device **device, latchkey_error **error) {
    const lk_json *components = lk_member(call, "components");
    latchkey_pair pairs[64];
    size_t count = 0;
    bool has_some = components && components->kind == LK_OBJECT;
    for (const lk_json *one = has_some ? components->first : NULL; one && count < 64; one = one->next) {
        pairs[count].name = one->name;
        pairs[count++].value = one->kind == LK_STRING ? one->text : NULL;
    }
    return latchkey_device_new(lk_text_member(call, "fingerprint"), pairs, count, device, error);
}

static void set_options(const lk_json *call, program *program, latchkey_options *options) {
    double attempts = options->retry_attempts;
    options->url = lk_text_member(call, "url");
    options->api_key = lk_text_member(call, "api_key");
    options->product = lk_text_member(call, "product");
    options->version = lk_text_member(call, "version");
    options->released = lk_text_member(call, "released");
    options->device_name = lk_text_member(call, "device_name");
    options->storage_path = lk_text_member(call, "file");
    set_number(call, "refresh_interval", &options->refresh_interval);
    set_number(call, "fresh_for", &options->fresh_for);
    set_number(call, "offline_grace", &options->offline_grace);
    set_number(call, "timeout", &options->timeout);
    set_number(call, "first_delay", &options->retry_first_delay);
    set_number(call, "attempts", &attempts);
    options->retry_attempts = (int32_t)attempts;
    options->clock = read_clock;
    options->clock_context = program;
    if (lk_is_text(lk_member(call, "random"), "ones")) options->random = fill_with_ones;
}

void run_open(program *program, const lk_json *call, lk_text *out) {
    latchkey_options options;
    latchkey_device *device = NULL;
    latchkey_error *error = NULL;
    lk_text keys = {0};
    const lk_json *now = lk_member(call, "now");
    close_client(program);
    lk_text_free(&program->states);
    program->is_standing = now && now->kind == LK_NUMBER;
    program->now = program->is_standing ? now->number : 0;
    program->offset = 0;
    latchkey_options_init(&options, sizeof options);
    set_options(call, program, &options);
    lk_write_json(&keys, lk_member(call, "public_keys"));
    options.public_keys_json = keys.bytes;
    /* What the device refuses is an option that is refused here. */
    if (make_device(call, &device, &error) == LATCHKEY_OK) options.device = device;
    latchkey_error_free(error);
    if (latchkey_client_new(&options, &program->client, &error) == LATCHKEY_OK) {
        latchkey_client_on_change(program->client, hear, program);
        lk_append_text(out, "{\"ok\":true}");
    } else {
        put_error(out, error);
    }
    latchkey_device_free(device);
    lk_text_free(&keys);
}
