/* Versions of apps as they report them, and ranges of versions. */
#ifndef LK_VERSION_H
#define LK_VERSION_H

#include "memory.h"

/* A part of a pre-release: a word in lower case, or a number where the word is NULL. */
typedef struct lk_identifier {
    const char *word;
    int64_t number;
} lk_identifier;

/* A version as it is compared: Semantic Versioning 2.0.0, section 11, extended to any number of parts. */
typedef struct lk_version {
    /* Part by part, without zeros at the end: 1.2 is 1.2.0. */
    const int64_t *numbers;
    size_t count;
    /* What follows in a pre-release: "beta" and 3 for "beta.3" and "beta3"; none for others. */
    const lk_identifier *pre;
    size_t pre_count;
} lk_version;

/* Below 0, 0 or above 0. A pre-release comes before what it precedes. */
int lk_compare_versions(const lk_version *one, const lk_version *other);
/* The version of an app. False when the text does not begin with a number. */
bool lk_parse_version(lk_arena *arena, const char *text, lk_version *version);
/* The digits of at most 15, as a number; 0 when there are none or more. @return their count */
size_t lk_read_digits(const char *text, int64_t *number);
/* The identifiers of a pre-release such as "beta.3". */
void lk_read_identifiers(lk_arena *arena, const char *text, size_t length, lk_version *version);
/* Whether it is what a pre-release may be: letters, digits and hyphens with dots between. */
size_t lk_identifiers_length(const char *text);
void lk_drop_zeros(lk_version *version);

/* Whether a range such as ">=2.0.0 <3.0.0" has a version. A version that cannot be read is in each, and a
 * range that cannot has none. False without memory: the arena says so. */
bool lk_is_in_range(lk_arena *arena, const char *version, const char *range);

#endif
