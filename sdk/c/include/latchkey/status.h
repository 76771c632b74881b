/**
 * @file status.h
 * @brief What is known of the license: its state, and facts of it.
 */
#ifndef LATCHKEY_STATUS_H
#define LATCHKEY_STATUS_H

#include "result.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The state of a license on a device, which an app decides by. */
typedef enum latchkey_state {
    /** The license may be used. */
    LATCHKEY_STATE_VALID = 0,
    /** It has expired and may be used until its grace period ends: ask for a renewal. */
    LATCHKEY_STATE_GRACE = 1,
    /** It may be used, but the server was not reached for a while: ask for a connection. */
    LATCHKEY_STATE_OFFLINE_GRACE = 2,
    /** The license, its license file or the time without a connection has ended. */
    LATCHKEY_STATE_EXPIRED = 3,
    /** The vendor has disabled it, or its first day has not come; latchkey_status_code() tells which. */
    LATCHKEY_STATE_DISABLED = 4,
    /** There is no license on this device yet: ask for a license key. */
    LATCHKEY_STATE_NOT_ACTIVATED = 5,
    /** It is used on as many devices as it allows. */
    LATCHKEY_STATE_LIMIT_REACHED = 6,
    /** The license file was revoked by a status list. */
    LATCHKEY_STATE_REVOKED = 7,
    /** The license file is for another device. */
    LATCHKEY_STATE_WRONG_MACHINE = 8,
    /** It does not include this version of the app. */
    LATCHKEY_STATE_VERSION_NOT_ENTITLED = 9,
    /** The clock is more than an hour behind what the server has signed. */
    LATCHKEY_STATE_CLOCK_TAMPERED = 10,
    /** There is no such license, or the file is damaged or not the vendor's. */
    LATCHKEY_STATE_INVALID = 11
} latchkey_state;

/** The name of a state, such as "offline_grace". NULL for what is no state. */
LATCHKEY_API const char *latchkey_state_name(latchkey_state state);
/** What a state means and what to do, a sentence in English. NULL for what is no state. */
LATCHKEY_API const char *latchkey_state_meaning(latchkey_state state);

/** What is known of the license at one moment. */
typedef struct latchkey_status latchkey_status;

/** For numbers of a status: there is none. */
#define LATCHKEY_NONE INT64_C(-1)

LATCHKEY_API latchkey_state latchkey_status_state(const latchkey_status *status);
/** 1 when the app may run: the state is valid, grace or offline_grace; else 0. */
LATCHKEY_API int latchkey_status_usable(const latchkey_status *status);
/** Why, a sentence for logs. */
LATCHKEY_API const char *latchkey_status_reason(const latchkey_status *status);
/** The server's code of the last validation or refusal; NULL: none. */
LATCHKEY_API const char *latchkey_status_code(const latchkey_status *status);
/** 1 when the license is usable and has the entitlement, whatever its value is; else 0. */
LATCHKEY_API int latchkey_status_has_entitlement(const latchkey_status *status, const char *name);
/** The number of an entitlement; `otherwise` when it is none, or the license is not usable. */
LATCHKEY_API double latchkey_status_entitlement_number(const latchkey_status *status, const char *name,
                                                       double otherwise);
/** The text of an entitlement; NULL when it is none, or the license is not usable. */
LATCHKEY_API const char *latchkey_status_entitlement_text(const latchkey_status *status, const char *name);
/** Concurrent users; ::LATCHKEY_NONE when that is not known. */
LATCHKEY_API int64_t latchkey_status_max_users(const latchkey_status *status);
/** Last day of the license, inclusive; NULL: it never expires, or that is not known. */
LATCHKEY_API const char *latchkey_status_license_ends(const latchkey_status *status);
/** Last day of grace, inclusive; NULL: none. */
LATCHKEY_API const char *latchkey_status_grace_ends(const latchkey_status *status);
/** When the license file ends; ::LATCHKEY_NONE: there is none. */
LATCHKEY_API int64_t latchkey_status_file_ends(const latchkey_status *status);
/** When the server said so; ::LATCHKEY_NONE: never. */
LATCHKEY_API int64_t latchkey_status_checked_at(const latchkey_status *status);
/** Claims of the license file as a JSON object: customer, public metadata and more; NULL: there is none. */
LATCHKEY_API const char *latchkey_status_file(const latchkey_status *status);
/** Why the server's answer is not known, or what it refused last; NULL: nothing. It belongs to the status. */
LATCHKEY_API const latchkey_error *latchkey_status_error(const latchkey_status *status);
/** Why the license is kept in memory alone, such as a full disk; NULL: it is kept. */
LATCHKEY_API const char *latchkey_status_storage_error(const latchkey_status *status);
/**
 * All of it as a JSON object: state, usable, reason, code, entitlements, max_users, license_ends, grace_ends,
 * file_ends, checked_at, file, error, storage_error. For bindings and logs.
 */
LATCHKEY_API const char *latchkey_status_json(const latchkey_status *status);
/** NULL is ignored. */
LATCHKEY_API void latchkey_status_free(latchkey_status *status);

#ifdef __cplusplus
}
#endif

#endif
