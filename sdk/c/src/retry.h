/* When a call is repeated: after network errors, 429 and 503, with growing delays; never after a refusal. */
#ifndef LK_RETRY_H
#define LK_RETRY_H

#include <stdbool.h>

/* How often and how long calls are repeated. Durations are seconds. */
typedef struct lk_retry_policy {
    /* Calls in all. */
    int attempts;
    double first_delay;
    double longest_delay;
    /* The longest Retry-After that is waited for; after a longer one the call fails at once. */
    double longest_wait;
} lk_retry_policy;

/* The seconds of a Retry-After, which is a number or a date of HTTP; negative when it is neither, or NULL. */
double lk_read_retry_after(const char *header, double now);

/* The delay before the next attempt; negative when there is none.
 *
 * The delay doubles with each attempt, up to the longest. Of it a random share between a half and the whole
 * is waited, so that many apps do not call at the same moment; and never less than the server asks for.
 *
 * status: 0 when the server was not reached. attempt: how many calls were made. random: from 0 to 1. now:
 * seconds since 1970. */
double lk_delay_before_retry(int status, const char *retry_after, int attempt, double random, double now,
                             const lk_retry_policy *policy);

#endif
