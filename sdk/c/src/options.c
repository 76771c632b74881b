/* Checks options, so that a mistake of the program is found when it starts, and copies them. */
#include "options.h"

#include <math.h>
#include <string.h>

#include "../include/latchkey/curl.h"
#include "crypto.h"
#include "platform.h"

enum { LONGEST_TEXT = 255, LONGEST_URL = 2000, LONGEST_KEY = 1000 };

void latchkey_options_init(latchkey_options *options, size_t size) {
    latchkey_options defaults;
    memset(&defaults, 0, sizeof defaults);
    defaults.refresh_interval = 3600;
    defaults.fresh_for = 86400;
    defaults.offline_grace = 3 * 86400;
    defaults.timeout = 20;
    defaults.retry_attempts = 5;
    defaults.retry_first_delay = 1;
    defaults.retry_longest_delay = 30;
    defaults.retry_longest_wait = 60;
    /* An app that was built with an earlier header has a shorter struct. */
    size_t known = size < sizeof defaults ? size : sizeof defaults;
    memset(options, 0, size);
    memcpy(options, &defaults, known);
    memcpy(options, &size, sizeof size < known ? sizeof size : known);
}

static bool is_text(const char *text, size_t longest) {
    return text && *text && strlen(text) <= longest && lk_is_utf8(text, strlen(text));
}

/* Visible ASCII, so that nothing of it ends a header. */
static bool is_visible(const char *text, size_t longest) {
    if (!is_text(text, longest)) return false;
    for (; *text; text++) {
        if (*text <= ' ' || *text > '~') return false;
    }
    return true;
}

static bool is_address(const char *url) {
    if (!is_visible(url, LONGEST_URL)) return false;
    const char *host = strncmp(url, "https://", 8) == 0  ? url + 8
                       : strncmp(url, "http://", 7) == 0 ? url + 7
                                                         : "";
    return *host && *host != '/' && !strpbrk(host, "?#@\\");
}

/* A day that there is: claims of the server are not looked at so closely. */
static bool is_day(const char *text) {
    lk_json value = {.kind = LK_STRING, .text = text, .length = strlen(text)};
    if (!lk_is_day(&value)) return false;
    int year = 0, month = (text[5] - '0') * 10 + text[6] - '0', day = (text[8] - '0') * 10 + text[9] - '0';
    for (int digit = 0; digit < 4; digit++) year = year * 10 + text[digit] - '0';
    bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    int longest = month == 2 ? 28 + is_leap : month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
    return month >= 1 && month <= 12 && day >= 1 && day <= longest;
}

/* A hundred years are long enough, and fit into every type. */
static bool is_duration(double seconds, double least) {
    return seconds >= least && seconds <= 100 * 31536000.0;
}

bool lk_read_keys(lk_arena *arena, const lk_json *set, const latchkey_public_key *before, size_t count,
                  lk_keys *keys) {
    const lk_json *list = set && set->kind == LK_OBJECT ? lk_member(set, "keys") : set;
    if (set && (!list || list->kind != LK_LIST)) return false;
    size_t more = list ? list->count : 0;
    latchkey_public_key *all = lk_alloc(arena, (count + more + 1) * sizeof *all);
    if (!all) return false;
    keys->all = all;
    keys->count = 0;
    for (size_t index = 0; index < count; index++) {
        all[keys->count].kid = lk_copy(arena, before[index].kid);
        all[keys->count++].x = lk_copy(arena, before[index].x);
    }
    for (const lk_json *one = list ? list->first : NULL; one; one = one->next) {
        const char *kty = lk_text_member(one, "kty"), *crv = lk_text_member(one, "crv");
        /* A set may have keys of other kinds. */
        if ((kty && strcmp(kty, "OKP") != 0) || (crv && strcmp(crv, "Ed25519") != 0)) continue;
        all[keys->count].kid = lk_copy(arena, lk_text_member(one, "kid"));
        all[keys->count++].x = lk_copy(arena, lk_text_member(one, "x"));
    }
    return !arena->failed;
}

/* What is wrong with the keys; NULL: nothing. */
static const char *read_keys(const latchkey_options *given, lk_options *options) {
    lk_arena *arena = &options->arena;
    const lk_json *set = NULL;
    if (given->public_keys_json) {
        set = lk_json_read(arena, given->public_keys_json, strlen(given->public_keys_json));
        if (!set) return "public_keys_json is no JSON.";
    }
    if (given->public_key_count > 0 && !given->public_keys) return "public_keys is missing.";
    if (!lk_read_keys(arena, set, given->public_keys, given->public_key_count, &options->keys)) {
        return "public_keys_json is no list of keys.";
    }
    if (options->keys.count == 0) return "There is no public key: nothing of the server could be believed.";
    for (size_t index = 0; index < options->keys.count; index++) {
        unsigned char key[32];
        if (!is_text(options->keys.all[index].kid, LONGEST_TEXT)) return "A public key has no kid.";
        if (!lk_read_public_key(arena, options->keys.all[index].x, key)) {
            return "The x of a public key is not that of a key of Ed25519.";
        }
    }
    return NULL;
}

static const char *problem_of(const latchkey_options *given) {
    if (!is_address(given->url)) return "url is not the address of a server, http or https.";
    if (!is_visible(given->api_key, LONGEST_KEY)) return "api_key is missing, or has blanks in it.";
    if (!is_text(given->product, LONGEST_TEXT)) return "product is missing.";
    if (!is_text(given->version, LONGEST_TEXT)) return "version is missing.";
    if (given->released && !is_day(given->released)) return "released is not a day, YYYY-MM-DD.";
    if (!given->device) return "device is missing.";
    if (given->device_name && *given->device_name && !is_text(given->device_name, LONGEST_TEXT)) {
        return "device_name is too long, or not UTF-8.";
    }
    if (given->storage_path && (!is_text(given->storage_path, LONGEST_URL * 2) || given->storage_read)) {
        return "storage_path is no path, or there is a storage beside it.";
    }
    if (!given->storage_read != !given->storage_write || !given->storage_lock != !given->storage_unlock) {
        return "A storage has both of read and write, and both or none of lock and unlock.";
    }
    if (!is_duration(given->refresh_interval, 1))
        return "refresh_interval is not a duration of a second or more.";
    if (!is_duration(given->fresh_for, 0)) return "fresh_for is not a duration.";
    if (!is_duration(given->offline_grace, 0)) return "offline_grace is not a duration.";
    if (!is_duration(given->timeout, 0.001)) return "timeout is not a duration of a millisecond or more.";
    if (given->retry_attempts < 1 || given->retry_attempts > 100)
        return "retry_attempts is not from 1 to 100.";
    if (!is_duration(given->retry_first_delay, 0) || !is_duration(given->retry_longest_delay, 0) ||
        !is_duration(given->retry_longest_wait, 0)) {
        return "A delay of the retries is not a duration.";
    }
    return NULL;
}

static void copy_options(const latchkey_options *given, lk_options *options) {
    lk_arena *arena = &options->arena;
    size_t length = strlen(given->url);
    while (given->url[length - 1] == '/') length--;
    options->url = lk_copy_bytes(arena, given->url, length);
    options->api_key = lk_copy(arena, given->api_key);
    options->app.product = lk_copy(arena, given->product);
    options->app.version = lk_copy(arena, given->version);
    options->app.released = lk_copy(arena, given->released);
    options->device_name = lk_copy(arena, given->device_name ? given->device_name : "");
    options->device = lk_copy_device(given->device);
    if (!options->device) arena->failed = true;
    lk_storage storage = {given->storage_read, given->storage_write, given->storage_lock,
                          given->storage_unlock, given->storage_context};
    if (given->storage_path) storage = lk_file_storage(lk_copy(arena, given->storage_path));
    options->storage = storage;
    options->refresh_interval = given->refresh_interval;
    options->fresh_for = given->fresh_for;
    options->offline_grace = given->offline_grace;
    options->timeout = given->timeout;
    lk_retry_policy retries = {given->retry_attempts, given->retry_first_delay, given->retry_longest_delay,
                               given->retry_longest_wait};
    options->retries = retries;
    options->transport = given->transport;
    options->transport_context = given->transport_context;
    options->clock = given->clock ? given->clock : lk_system_clock;
    options->clock_context = given->clock_context;
    options->random = given->random ? given->random : lk_system_random;
    options->random_context = given->random_context;
}

latchkey_error *lk_read_options(const latchkey_options *given, lk_options *options) {
    latchkey_options complete;
    memset(options, 0, sizeof *options);
    const char *problem =
        given && given->size >= sizeof given->size ? NULL : "Call latchkey_options_init() first.";
    if (!problem) {
        latchkey_options_init(&complete, sizeof complete);
        memcpy(&complete, given, given->size < sizeof complete ? given->size : sizeof complete);
#ifdef LATCHKEY_WITH_CURL
        if (!complete.transport) complete.transport = latchkey_curl_transport;
#endif
        problem = problem_of(&complete);
        if (!problem && !complete.transport)
            problem = "transport is missing: the library was built without libcurl.";
    }
    if (!problem) problem = read_keys(&complete, options);
    if (!problem) copy_options(&complete, options);
    bool has_memory = !options->arena.failed;
    if (!problem && has_memory) return NULL;
    lk_options_free(options);
    return has_memory ? lk_error(LATCHKEY_ERROR_INVALID_ARGUMENT, "INVALID_OPTIONS", problem)
                      : lk_error_out_of_memory();
}

void lk_options_free(lk_options *options) {
    latchkey_device_free(options->device);
    lk_arena_free(&options->arena);
    memset(options, 0, sizeof *options);
}
