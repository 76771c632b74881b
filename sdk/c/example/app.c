/* An app with a license: app [license key]. Its settings are environment variables, which a real app compiles
 * in. */
#include <stdio.h>
#include <stdlib.h>

#include <latchkey.h>

static void print_error(const latchkey_error *error) {
    if (error) fprintf(stderr, "%s: %s\n", latchkey_error_code(error), latchkey_error_message(error));
}

/* Starts, activates with a key if there is no license, and prints the state. */
static int run(latchkey_client *client, const char *key) {
    latchkey_status *status = NULL;
    latchkey_error *error = NULL;
    latchkey_client_start(client, &status, &error);
    if (status && latchkey_status_state(status) == LATCHKEY_STATE_NOT_ACTIVATED && key) {
        latchkey_status_free(status);
        latchkey_client_activate(client, key, &status, &error);
    }
    int usable = status && latchkey_status_usable(status);
    if (status) {
        puts(latchkey_state_name(latchkey_status_state(status)));
        print_error(latchkey_status_error(status));
    }
    print_error(error);
    latchkey_error_free(error);
    latchkey_status_free(status);
    return usable ? 0 : 1;
}

int main(int count, char **arguments) {
    const char *product = getenv("LATCHKEY_PRODUCT");
    const char *file = getenv("LATCHKEY_FILE");
    latchkey_device *device = NULL;
    latchkey_client *client = NULL;
    latchkey_error *error = NULL;
    latchkey_options options;
    int result = 1;
    latchkey_options_init(&options, sizeof options);
    options.url = getenv("LATCHKEY_URL");
    options.api_key = getenv("LATCHKEY_API_KEY");
    options.product = product;
    options.version = "2.1.0";
    options.released = "2026-02-15";
    options.public_keys_json = getenv("LATCHKEY_KEYS");
    options.storage_path = file ? file : "license.json";
    if (latchkey_machine_device(product, &device, &error) == LATCHKEY_OK) {
        options.device = device;
        if (latchkey_client_new(&options, &client, &error) == LATCHKEY_OK) {
            result = run(client, count > 1 ? arguments[1] : NULL);
        }
    }
    print_error(error);
    latchkey_error_free(error);
    latchkey_client_free(client);
    latchkey_device_free(device);
    return result;
}
