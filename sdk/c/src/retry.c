/* Delays before calls are repeated. */
#include "retry.h"

#include <stdlib.h>
#include <string.h>

#include "dates.h"

double lk_read_retry_after(const char *header, double now) {
    if (!header) return -1;
    const char *from = header + strspn(header, " \t\r\n");
    size_t digits = strspn(from, "0123456789");
    if (digits > 0 && digits <= 10 && from[digits + strspn(from + digits, " \t\r\n")] == '\0') {
        return (double)strtoll(from, NULL, 10);
    }
    double at = lk_read_http_date(header);
    if (at < 0) return -1;
    return at > now ? at - now : 0;
}

double lk_delay_before_retry(int status, const char *retry_after, int attempt, double random, double now,
                             const lk_retry_policy *policy) {
    if (status != 0 && status != 429 && status != 503) return -1;
    if (attempt >= policy->attempts) return -1;
    double asked = lk_read_retry_after(retry_after, now);
    if (asked > policy->longest_wait) return -1;
    double longest = policy->first_delay;
    for (int doubled = 1; doubled < attempt && longest < policy->longest_delay; doubled++) longest *= 2;
    if (longest > policy->longest_delay) longest = policy->longest_delay;
    double delay = longest * (0.5 + random / 2);
    return asked > delay ? asked : delay;
}
