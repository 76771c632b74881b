/**
 * @file usage.h
 * @brief Updates of the app, sessions of concurrent users, and metered use.
 */
#ifndef LATCHKEY_USAGE_H
#define LATCHKEY_USAGE_H

#include "client.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Structs that the library returns have more members at their end in later versions. */

/** Whether there is a newer release. */
typedef struct latchkey_update {
    /** 1 when there is one. */
    int32_t available;
    /** 1 when the vendor asks that every user takes it. */
    int32_t is_mandatory;
    /** NULL: no release is published. */
    const char *latest_version;
    /** NULL: none. */
    const char *download_url;
    /** NULL: none. */
    const char *release_notes;
} latchkey_update;

LATCHKEY_API latchkey_result latchkey_client_check_for_update(latchkey_client *client,
                                                              latchkey_update **update,
                                                              latchkey_error **error);
/** NULL is ignored. */
LATCHKEY_API void latchkey_update_free(latchkey_update *update);

/** A session of a concurrent user. */
typedef struct latchkey_session {
    const char *id;
    /** Milliseconds since 1970. */
    int64_t expires_at;
    int64_t active_sessions;
    int64_t max_users;
} latchkey_session;

/**
 * Starts a session, and renews it at each third of its time until it is ended or the client is stopped.
 *
 * @return ::LATCHKEY_ERROR_REFUSED with SESSION_LIMIT_REACHED when all are in use, and others
 */
LATCHKEY_API latchkey_result latchkey_client_seats_start(latchkey_client *client, latchkey_session **session,
                                                         latchkey_error **error);
/** The session that was started, to be freed; NULL: there is none, or it was lost. */
LATCHKEY_API latchkey_session *latchkey_client_seats_session(latchkey_client *client);
/** Ends the session; without one nothing happens. */
LATCHKEY_API latchkey_result latchkey_client_seats_end(latchkey_client *client, latchkey_error **error);
/** NULL is ignored. */
LATCHKEY_API void latchkey_session_free(latchkey_session *session);

/** A meter after a call. */
typedef struct latchkey_meter {
    /** Two answers with the same id are one count. */
    const char *id;
    double used;
    double reserved;
    /** 1 when there is a limit; `limit` and `remaining` are 0 otherwise. */
    int32_t has_limit;
    double limit;
    double remaining;
    /** The reservation that was made; NULL: none. */
    const char *reservation;
    /** When the reservation ends; milliseconds since 1970; ::LATCHKEY_NONE: none. */
    int64_t expires_at;
} latchkey_meter;

/** For latchkey_client_usage_commit(): all that was reserved. */
#define LATCHKEY_ALL INT64_C(-1)

/** Counts units: all of them or none. @return ::LATCHKEY_ERROR_REFUSED with USAGE_LIMIT_REACHED and others */
LATCHKEY_API latchkey_result latchkey_client_usage_increment(latchkey_client *client, const char *meter,
                                                             int64_t amount, latchkey_meter **after,
                                                             latchkey_error **error);
/** Holds units for so many seconds. @return ::LATCHKEY_ERROR_REFUSED with USAGE_LIMIT_REACHED and others */
LATCHKEY_API latchkey_result latchkey_client_usage_reserve(latchkey_client *client, const char *meter,
                                                           int64_t amount, int64_t ttl,
                                                           latchkey_meter **after, latchkey_error **error);
/** Counts what was reserved, or less. @param amount ::LATCHKEY_ALL, or how much */
LATCHKEY_API latchkey_result latchkey_client_usage_commit(latchkey_client *client, const char *reservation,
                                                          int64_t amount, latchkey_meter **after,
                                                          latchkey_error **error);
/** Gives back what was reserved. */
LATCHKEY_API latchkey_result latchkey_client_usage_release(latchkey_client *client, const char *reservation,
                                                           latchkey_meter **after, latchkey_error **error);
/** NULL is ignored. */
LATCHKEY_API void latchkey_meter_free(latchkey_meter *meter);

#ifdef __cplusplus
}
#endif

#endif
