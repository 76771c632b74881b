/* What an app told the library, checked and copied. */
#ifndef LK_OPTIONS_H
#define LK_OPTIONS_H

#include "device.h"
#include "license_file.h"
#include "retry.h"
#include "storage.h"

typedef struct lk_options {
    lk_arena arena;
    /* Without a slash at its end. */
    const char *url;
    const char *api_key;
    lk_app app;
    lk_keys keys;
    latchkey_device *device;
    const char *device_name;
    lk_storage storage;
    double refresh_interval;
    double fresh_for;
    double offline_grace;
    double timeout;
    lk_retry_policy retries;
    latchkey_transport transport;
    void *transport_context;
    latchkey_clock clock;
    void *clock_context;
    latchkey_random random;
    void *random_context;
} lk_options;

/* Copies options. On an error nothing is left to be freed. */
latchkey_error *lk_read_options(const latchkey_options *given, lk_options *options);
void lk_options_free(lk_options *options);

/* Keys of a JWK set or a list of JWKs are added behind those of a list. False for other JSON, or without
 * memory. */
bool lk_read_keys(lk_arena *arena, const lk_json *set, const latchkey_public_key *before, size_t count,
                  lk_keys *keys);

#endif
