/**
 * @file environment.h
 * @brief What an app can replace: network, storage, time and chance.
 */
#ifndef LATCHKEY_ENVIRONMENT_H
#define LATCHKEY_ENVIRONMENT_H

#include "device.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A request that a transport sends. */
typedef struct latchkey_request latchkey_request;
/** What a transport received. */
typedef struct latchkey_response latchkey_response;

/** "GET" or "POST". */
LATCHKEY_API const char *latchkey_request_method(const latchkey_request *request);
LATCHKEY_API const char *latchkey_request_url(const latchkey_request *request);
LATCHKEY_API size_t latchkey_request_header_count(const latchkey_request *request);
/** A header by its index, without line ends; its members are NULL beyond the last one. */
LATCHKEY_API latchkey_pair latchkey_request_header(const latchkey_request *request, size_t index);
/** The body; NULL for a GET. */
LATCHKEY_API const char *latchkey_request_body(const latchkey_request *request);
/** Bytes of the body. */
LATCHKEY_API size_t latchkey_request_body_length(const latchkey_request *request);
/** Seconds after which the transport fails. */
LATCHKEY_API double latchkey_request_timeout(const latchkey_request *request);
/** 1 once the client was stopped: the transport ends the request and fails. To be asked several times a
 * second. */
LATCHKEY_API int latchkey_request_is_cancelled(const latchkey_request *request);

/** The HTTP status. */
LATCHKEY_API void latchkey_response_set_status(latchkey_response *response, int status);
/** Adds a header; only Retry-After and X-Request-Id are used, in any case. Texts are copied. */
LATCHKEY_API void latchkey_response_add_header(latchkey_response *response, const char *name,
                                               const char *value);
/** Appends bytes to the body. @return 0, or -1 when the answer is too large: the transport fails then */
LATCHKEY_API int latchkey_response_append(latchkey_response *response, const char *bytes, size_t length);
/** Why the transport fails, for the message of the error. */
LATCHKEY_API void latchkey_response_set_failure(latchkey_response *response, const char *message);

/**
 * Sends a request and waits for its answer. It verifies certificates, and does not follow redirects. It is
 * called by several threads at once.
 *
 * @param context the `transport_context` of the options
 * @return 0 when there is an answer, whatever its status is; else the server was not reached
 */
typedef int (*latchkey_transport)(void *context, const latchkey_request *request,
                                  latchkey_response *response);

/** A text that a storage returns. */
typedef struct latchkey_buffer latchkey_buffer;
/** Sets the text. @return 0, or -1 when there is no memory for it */
LATCHKEY_API int latchkey_buffer_set(latchkey_buffer *buffer, const char *text, size_t length);

/**
 * Reads the text that was written last; sets nothing when there is none.
 *
 * @param failure takes the reason of a failure
 * @return 0, or else that it cannot be read
 */
typedef int (*latchkey_storage_read)(void *context, latchkey_buffer *text, latchkey_buffer *failure);
/** Replaces the text as a whole: a reader finds the old text or the new one. @return 0, or else that it
 * cannot be kept */
typedef int (*latchkey_storage_write)(void *context, const char *text, size_t length,
                                      latchkey_buffer *failure);
/** Waits until no other process writes. @return 0; else there is nothing to unlock */
typedef int (*latchkey_storage_lock)(void *context);
/** Ends what latchkey_storage_lock began. */
typedef void (*latchkey_storage_unlock)(void *context);

/** Seconds since 1970. */
typedef double (*latchkey_clock)(void *context);
/** Fills bytes by chance, for nonces, idempotency keys and delays. @return 0, or else that there are none */
typedef int (*latchkey_random)(void *context, unsigned char *bytes, size_t length);

#ifdef __cplusplus
}
#endif

#endif
