/**
 * @file result.h
 * @brief Version, results and errors.
 */
#ifndef LATCHKEY_RESULT_H
#define LATCHKEY_RESULT_H

#include <stddef.h>
#include <stdint.h>

#if defined(LATCHKEY_STATIC)
#define LATCHKEY_API
#elif defined(_WIN32)
#ifdef LATCHKEY_BUILDING
#define LATCHKEY_API __declspec(dllexport)
#else
#define LATCHKEY_API __declspec(dllimport)
#endif
#elif defined(__GNUC__)
#define LATCHKEY_API __attribute__((visibility("default")))
#else
#define LATCHKEY_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

#define LATCHKEY_VERSION "0.9.0"

/** The version of the library that is linked, such as "0.9.0". */
LATCHKEY_API const char *latchkey_version(void);

/** Frees a text that a function returned. NULL is ignored. */
LATCHKEY_API void latchkey_free(char *text);

/** What came of a call. */
typedef enum latchkey_result {
    LATCHKEY_OK = 0,
    /** The server refused it: latchkey_error_code() is the server's, or HTTP_ and the status. */
    LATCHKEY_ERROR_REFUSED = 1,
    /** NETWORK_ERROR: the server was not reached. */
    LATCHKEY_ERROR_NETWORK = 2,
    /** UNTRUSTED_ANSWER: what answered is not the vendor's server, or the text is not the vendor's. */
    LATCHKEY_ERROR_UNTRUSTED_ANSWER = 3,
    /** NOT_ACTIVATED: there is no license on this device yet. */
    LATCHKEY_ERROR_NOT_ACTIVATED = 4,
    /** INVALID_OPTIONS or INVALID_ARGUMENT: the program gave something that cannot be. */
    LATCHKEY_ERROR_INVALID_ARGUMENT = 5,
    /** OUT_OF_MEMORY: the call changed nothing, or its change is known to the server alone. */
    LATCHKEY_ERROR_OUT_OF_MEMORY = 6
} latchkey_result;

/** What went wrong: a refusal of the server, or a failure to reach it. */
typedef struct latchkey_error latchkey_error;

/** The kind of the error, as the call returned it. */
LATCHKEY_API latchkey_result latchkey_error_result(const latchkey_error *error);
/** The server's code, such as "ACTIVATION_LIMIT_REACHED", or one of the library's, see ::latchkey_result. */
LATCHKEY_API const char *latchkey_error_code(const latchkey_error *error);
/** A sentence for logs. */
LATCHKEY_API const char *latchkey_error_message(const latchkey_error *error);
/** Facts of the code as a JSON object: limits, counts, the field it is about; "{}" without any. */
LATCHKEY_API const char *latchkey_error_details(const latchkey_error *error);
/** The HTTP status; 0 when the server was not reached or not asked. */
LATCHKEY_API int latchkey_error_status(const latchkey_error *error);
/** The id by which the vendor finds the request in the server's log; NULL without one. */
LATCHKEY_API const char *latchkey_error_request_id(const latchkey_error *error);
/** Seconds after which to try again, as the server says; negative when it does not. */
LATCHKEY_API double latchkey_error_retry_after(const latchkey_error *error);
/** All of it as a JSON object: code, message, details, status, request_id, retry_after. */
LATCHKEY_API const char *latchkey_error_json(const latchkey_error *error);
/** NULL is ignored. */
LATCHKEY_API void latchkey_error_free(latchkey_error *error);

#ifdef __cplusplus
}
#endif

#endif
