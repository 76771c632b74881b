/* The transport by libcurl. */
#ifdef LATCHKEY_WITH_CURL
#include <curl/curl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "../include/latchkey/curl.h"

#ifdef _WIN32
#include <windows.h>
static INIT_ONCE once = INIT_ONCE_STATIC_INIT;
static BOOL CALLBACK set_up(PINIT_ONCE given, PVOID context, PVOID *result) {
    (void)given;
    (void)context;
    (void)result;
    return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}
static bool is_set_up(void) {
    return InitOnceExecuteOnce(&once, set_up, NULL, NULL);
}
#else
#include <pthread.h>
static pthread_once_t once = PTHREAD_ONCE_INIT;
static bool is_right;
static void set_up(void) {
    is_right = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}
static bool is_set_up(void) {
    pthread_once(&once, set_up);
    return is_right;
}
#endif

static size_t take_body(char *bytes, size_t size, size_t count, void *response) {
    return latchkey_response_append(response, bytes, size * count) == 0 ? size * count : 0;
}

/* A header is a line that no zero byte ends. */
static size_t take_header(char *bytes, size_t size, size_t count, void *response) {
    size_t length = size * count;
    char line[512];
    if (length >= sizeof line) return length;
    memcpy(line, bytes, length);
    line[length] = '\0';
    char *colon = strchr(line, ':');
    if (!colon) return length;
    *colon = '\0';
    char *value = colon + 1 + strspn(colon + 1, " \t");
    size_t end = strlen(value);
    while (end > 0 && strchr(" \t\r\n", value[end - 1])) value[--end] = '\0';
    latchkey_response_add_header(response, line, value);
    return length;
}

static int is_ended(void *request, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d) {
    (void)a;
    (void)b;
    (void)c;
    (void)d;
    return latchkey_request_is_cancelled(request);
}

static struct curl_slist *headers_of(const latchkey_request *request) {
    struct curl_slist *list = NULL;
    for (size_t index = 0; index < latchkey_request_header_count(request); index++) {
        latchkey_pair header = latchkey_request_header(request, index);
        size_t length = strlen(header.name) + strlen(header.value) + 3;
        char *line = malloc(length);
        struct curl_slist *longer = NULL;
        if (line) {
            strcpy(line, header.name);
            strcat(line, ": ");
            strcat(line, header.value);
            longer = curl_slist_append(list, line);
        }
        free(line);
        if (!longer) {
            curl_slist_free_all(list);
            return NULL;
        }
        list = longer;
    }
    /* It would wait for an answer before it sends a larger body. */
    struct curl_slist *all = curl_slist_append(list, "Expect:");
    if (!all) curl_slist_free_all(list);
    return all;
}

static void set_options(CURL *curl, const latchkey_curl_settings *settings, const latchkey_request *request,
                        latchkey_response *response, struct curl_slist *headers, char *reason) {
    long timeout = (long)(latchkey_request_timeout(request) * 1000);
    curl_easy_setopt(curl, CURLOPT_URL, latchkey_request_url(request));
#if LIBCURL_VERSION_NUM >= 0x075500
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
#else
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, reason);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, response);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, response);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, is_ended);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, (void *)(uintptr_t)request);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, timeout > 0 ? timeout : 1L);
    /* Timeouts of names without signals, which are the app's. */
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "latchkey-c/" LATCHKEY_VERSION);
    if (settings && settings->proxy) curl_easy_setopt(curl, CURLOPT_PROXY, settings->proxy);
    if (settings && settings->ca_file) curl_easy_setopt(curl, CURLOPT_CAINFO, settings->ca_file);
    const char *body = latchkey_request_body(request);
    if (!body) return;
    curl_easy_setopt(curl, CURLOPT_POST, 1L);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)latchkey_request_body_length(request));
}

int latchkey_curl_transport(void *context, const latchkey_request *request, latchkey_response *response) {
    char reason[CURL_ERROR_SIZE] = "";
    CURL *curl = is_set_up() ? curl_easy_init() : NULL;
    struct curl_slist *headers = curl ? headers_of(request) : NULL;
    CURLcode result = CURLE_FAILED_INIT;
    if (headers) {
        long status = 0;
        set_options(curl, context, request, response, headers, reason);
        result = curl_easy_perform(curl);
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
        latchkey_response_set_status(response, (int)status);
    }
    if (result != CURLE_OK) {
        latchkey_response_set_failure(response, *reason ? reason : curl_easy_strerror(result));
    }
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    return result == CURLE_OK ? 0 : -1;
}
#else
typedef int lk_no_curl;
#endif
