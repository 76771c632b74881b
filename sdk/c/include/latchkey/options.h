/**
 * @file options.h
 * @brief What an app tells the library.
 */
#ifndef LATCHKEY_OPTIONS_H
#define LATCHKEY_OPTIONS_H

#include "environment.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A public key of the product, as `/.well-known/jwks/{product}.json` has it. */
typedef struct latchkey_public_key {
    const char *kid;
    /** 32 bytes in base64url. */
    const char *x;
} latchkey_public_key;

/** What an app tells the library. Fill it with latchkey_options_init() first: later versions may append
 * members. */
typedef struct latchkey_options {
    /** The size of this struct in bytes, by which the library knows which members there are. */
    size_t size;
    /** Address of the license server, http or https. */
    const char *url;
    /** An API key of the product. */
    const char *api_key;
    /** The product's code. */
    const char *product;
    /** The version of the app, such as "2.1.0". */
    const char *version;
    /** The day of this release; NULL: not known. */
    const char *released;
    /** The product's keys, compiled into the app. Never read them from a file or the network. */
    const latchkey_public_key *public_keys;
    size_t public_key_count;
    /** The same as JSON, a JWK set or a list of JWKs, beside or instead of `public_keys`; NULL: none. */
    const char *public_keys_json;
    /** The device; copied. */
    const latchkey_device *device;
    /** The device's name that the customer sees; NULL: none. */
    const char *device_name;
    /** Path of the file in which the license is kept, such as license.json in the folder of the user's
     * settings; its folders are created. NULL: see below. */
    const char *storage_path;
    /** A storage of the app's own, such as a keychain. Without path and storage the license is held in
     * memory. */
    latchkey_storage_read storage_read;
    latchkey_storage_write storage_write;
    /** Both or none: without them, changes of two processes at once may be lost. */
    latchkey_storage_lock storage_lock;
    latchkey_storage_unlock storage_unlock;
    void *storage_context;
    /** Seconds between refreshes; 3600, and never less than 60. */
    double refresh_interval;
    /** How long a validation counts as fresh; 86400. */
    double fresh_for;
    /** How long a license without a license file may be used while the server is not reached; 259200. */
    double offline_grace;
    /** Seconds until a request is ended; 20. */
    double timeout;
    /** Calls in all after network errors, 429 and 503; 5. */
    int32_t retry_attempts;
    /** The first delay; 1 second. Each further one is twice the one before. */
    double retry_first_delay;
    /** The longest delay; 30 seconds. */
    double retry_longest_delay;
    /** The longest Retry-After that is waited for; 60 seconds. */
    double retry_longest_wait;
    /** For proxies and tests; NULL: libcurl, in a library that was built with it. */
    latchkey_transport transport;
    void *transport_context;
    /** NULL: the system's. */
    latchkey_clock clock;
    void *clock_context;
    /** NULL: that of OpenSSL. */
    latchkey_random random;
    void *random_context;
} latchkey_options;

/** Sets the defaults. @param size `sizeof(latchkey_options)` */
LATCHKEY_API void latchkey_options_init(latchkey_options *options, size_t size);

#ifdef __cplusplus
}
#endif

#endif
