/**
 * @file curl.h
 * @brief The transport by libcurl, which a client uses by default. For apps that set a proxy or other
 * authorities.
 */
#ifndef LATCHKEY_CURL_H
#define LATCHKEY_CURL_H

#include "environment.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Settings of the transport; they have to live as long as the client. Zero all members first. */
typedef struct latchkey_curl_settings {
    /** Address of a proxy; NULL: that of the environment variables that libcurl reads. */
    const char *proxy;
    /** Path of a file with certificates of authorities (PEM); NULL: those of the system. */
    const char *ca_file;
} latchkey_curl_settings;

/**
 * Sends a request by libcurl. Certificates are verified, and redirects are not followed: they would carry the
 * API key to another server.
 *
 * @param context a ::latchkey_curl_settings, or NULL
 */
LATCHKEY_API int latchkey_curl_transport(void *context, const latchkey_request *request,
                                         latchkey_response *response);

#ifdef __cplusplus
}
#endif

#endif
