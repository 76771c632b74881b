/* Ranges of versions as npm writes them: comparators, "^", "~", parts that may be anything ("2.x"), hyphens
 * ("1.0 - 2.5") and alternatives ("||"). A pre-release counts as the version that it leads to, unless the
 * range names a pre-release. */
#include <string.h>

#include "version.h"

typedef struct bound {
    bool is_set;
    bool is_included;
    lk_version version;
} bound;

/* One alternative. */
typedef struct bounds {
    bound from;
    bound to;
} bounds;

/* A version whose last parts may be left out or "x". */
typedef struct partial {
    lk_version version;
    bool is_open;
} partial;

static bool is_blank(char character) {
    return character && strchr(" \t\r\n\f\v", character);
}

static int compare_to(const lk_version *version, const bound *to) {
    lk_version released = *version;
    if (to->version.pre_count == 0) released.pre_count = 0;
    return lk_compare_versions(&released, &to->version);
}

static bool contains(const bounds *range, const lk_version *version) {
    if (range->from.is_set) {
        int order = compare_to(version, &range->from);
        if (order < 0 || (order == 0 && !range->from.is_included)) return false;
    }
    if (range->to.is_set) {
        int order = compare_to(version, &range->to);
        if (order > 0 || (order == 0 && !range->to.is_included)) return false;
    }
    return true;
}

static bool is_empty(const bounds *range) {
    if (!range->from.is_set || !range->to.is_set) return false;
    int order = lk_compare_versions(&range->from.version, &range->to.version);
    return order > 0 || (order == 0 && !(range->from.is_included && range->to.is_included));
}

/* Of two bounds the stricter one; direction 1 for the lower ones, -1 for the upper. */
static bound stricter(const bound *one, const bound *other, int direction) {
    if (!one->is_set || !other->is_set) return one->is_set ? *one : *other;
    int order = lk_compare_versions(&one->version, &other->version) * direction;
    if (order == 0) return one->is_included ? *other : *one;
    return order > 0 ? *one : *other;
}

/* "2", "2.1.x", "v2.1.0-beta.3+4". Without numbers it is any version. */
static bool parse_partial(lk_arena *arena, const char *text, partial *given) {
    memset(given, 0, sizeof *given);
    if (*text == 'v') text++;
    int64_t *numbers = lk_alloc(arena, (strlen(text) / 2 + 1) * sizeof *numbers);
    if (!numbers) return false;
    given->version.numbers = numbers;
    bool has_open_part = false;
    while (true) {
        if (*text && strchr("xX*", *text)) {
            has_open_part = true;
            text++;
        } else {
            size_t digits = lk_read_digits(text, &numbers[given->version.count]);
            /* In "1.x.3" nothing tells what is meant. */
            if (digits == 0 || digits > 15 || has_open_part) return false;
            given->version.count++;
            text += digits;
        }
        if (*text != '.') break;
        text++;
    }
    given->is_open = has_open_part || given->version.count < 3;
    if (*text == '-') {
        size_t length = lk_identifiers_length(text + 1);
        if (length == 0 || given->is_open) return false;
        lk_read_identifiers(arena, text + 1, length, &given->version);
        text += 1 + length;
    }
    if (*text == '+') {
        size_t length = strspn(text + 1, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.-");
        if (length == 0) return false;
        text += 1 + length;
    }
    return *text == '\0';
}

/* The first version in which the part of that index is one higher. */
static bound next(lk_arena *arena, const partial *given, size_t index, bool is_included) {
    bound after = {true, is_included, {0}};
    int64_t *numbers = lk_alloc(arena, (index + 1) * sizeof *numbers);
    if (!numbers) return after;
    memcpy(numbers, given->version.numbers, (index + 1) * sizeof *numbers);
    numbers[index]++;
    after.version.numbers = numbers;
    after.version.count = index + 1;
    lk_drop_zeros(&after.version);
    return after;
}

/* The part that "^" keeps: the first that is not 0, or the last that is given. */
static size_t significant(const partial *given) {
    for (size_t index = 0; index < given->version.count; index++) {
        if (given->version.numbers[index] > 0) return index;
    }
    return given->version.count - 1;
}

static bool parse_comparator(lk_arena *arena, const char *operator, const char * text, bounds *range) {
    partial given;
    memset(range, 0, sizeof *range);
    if (!parse_partial(arena, text, &given)) return false;
    /* "Any version" with an operator: "<*" would contain none. */
    if (given.version.count == 0) return strcmp(operator, "<") != 0 && strcmp(operator, ">") != 0;
    bound at = {true, true, given.version};
    size_t last = given.version.count - 1;
    lk_drop_zeros(&at.version);
    bound without = at;
    without.is_included = false;
    if (strcmp(operator, ">=") == 0) {
        range->from = at;
    } else if (strcmp(operator, ">") == 0) {
        range->from = given.is_open ? next(arena, &given, last, true) : without;
    } else if (strcmp(operator, "<") == 0) {
        range->to = without;
    } else if (strcmp(operator, "<=") == 0) {
        range->to = given.is_open ? next(arena, &given, last, false) : at;
    } else {
        range->from = at;
        if (strcmp(operator, "^") == 0)
            range->to = next(arena, &given, significant(&given), false);
        else if (*operator== '~')
            range->to = next(arena, &given, last < 1 ? last : 1, false);
        else
            range->to = given.is_open ? next(arena, &given, last, false) : at;
    }
    return !arena->failed;
}

static bool add_comparator(lk_arena *arena, const char *operator, const char * text, bounds *range) {
    bounds more;
    if (!parse_comparator(arena, operator, text, &more)) return false;
    range->from = stricter(&range->from, &more.from, 1);
    range->to = stricter(&range->to, &more.to, -1);
    return true;
}

/* "1.0 - 2.5": three words, of which the second is a hyphen. */
static bool is_hyphenated(char *const *words, size_t count) {
    return count == 3 && strcmp(words[1], "-") == 0;
}

static bool parse_alternative(lk_arena *arena, char *text, bounds *range) {
    static const char *const operators[] = {"<=", ">=", "<", ">", "=", "^", "~>", "~"};
    char **words = lk_alloc(arena, (strlen(text) + 1) * sizeof *words);
    size_t count = 0;
    memset(range, 0, sizeof *range);
    if (!words) return false;
    for (char *at = text; *at;) {
        while (is_blank(*at)) *at++ = '\0';
        if (*at) words[count++] = at;
        while (*at && !is_blank(*at)) at++;
    }
    if (count == 0) return false;
    if (is_hyphenated(words, count)) {
        return add_comparator(arena, ">=", words[0], range) && add_comparator(arena, "<=", words[2], range);
    }
    for (size_t index = 0; index < count; index++) {
        const char *operator= "=", *version = words[index];
        for (size_t known = 0; known < sizeof operators / sizeof operators[0]; known++) {
            size_t length = strlen(operators[known]);
            if (strncmp(version, operators[known], length) != 0) continue;
            operator= operators[known];
            version += length;
            break;
        }
        /* An operator may stand apart from its version: ">= 2.0.0". */
        if (*version == '\0' && index + 1 < count) version = words[++index];
        if (!add_comparator(arena, operator, version, range)) return false;
    }
    return true;
}

bool lk_is_in_range(lk_arena *arena, const char *version, const char *range) {
    lk_version parsed;
    bool is_read = lk_parse_version(arena, version, &parsed);
    char *text = lk_copy(arena, range);
    bool is_any = false, is_found = false;
    while (text) {
        char *after = strstr(text, "||");
        if (after) *after = '\0';
        bounds alternative;
        if (!parse_alternative(arena, text, &alternative)) return false;
        if (!is_empty(&alternative)) {
            is_any = true;
            is_found = is_found || !is_read || contains(&alternative, &parsed);
        }
        text = after ? after + 2 : NULL;
    }
    return is_any && is_found && !arena->failed;
}
