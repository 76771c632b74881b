/* Versions of apps: semantic, or with "v", fewer or more parts, build metadata and words after them. */
#include "version.h"

#include <string.h>

#include "unicode.h"

static bool is_digit(char character) {
    return character >= '0' && character <= '9';
}

static char lower(char character) {
    return character >= 'A' && character <= 'Z' ? (char)(character - 'A' + 'a') : character;
}

static bool is_letter(char character) {
    return lower(character) >= 'a' && lower(character) <= 'z';
}

int lk_compare_versions(const lk_version *one, const lk_version *other) {
    size_t longest = one->count > other->count ? one->count : other->count;
    for (size_t part = 0; part < longest; part++) {
        int64_t a = part < one->count ? one->numbers[part] : 0;
        int64_t b = part < other->count ? other->numbers[part] : 0;
        if (a != b) return a < b ? -1 : 1;
    }
    if (one->pre_count == 0 || other->pre_count == 0) {
        return one->pre_count == other->pre_count ? 0 : one->pre_count == 0 ? 1 : -1;
    }
    for (size_t index = 0; index < one->pre_count && index < other->pre_count; index++) {
        const lk_identifier *a = &one->pre[index], *b = &other->pre[index];
        /* Numbers come before words. */
        if (!a->word != !b->word) return a->word ? 1 : -1;
        if (a->word) {
            int order = strcmp(a->word, b->word);
            if (order != 0) return order;
        } else if (a->number != b->number) {
            return a->number < b->number ? -1 : 1;
        }
    }
    return one->pre_count == other->pre_count ? 0 : one->pre_count < other->pre_count ? -1 : 1;
}

size_t lk_read_digits(const char *text, int64_t *number) {
    size_t count = 0;
    *number = 0;
    while (is_digit(text[count])) {
        if (count < 15) *number = *number * 10 + (text[count] - '0');
        count++;
    }
    if (count > 15) *number = 0;
    return count;
}

size_t lk_identifiers_length(const char *text) {
    size_t length = 0;
    while (true) {
        size_t from = length;
        while (is_digit(text[length]) || is_letter(text[length]) || text[length] == '-') length++;
        if (length == from) return from > 0 ? from - 1 : 0;
        if (text[length] != '.') return length;
        length++;
    }
}

void lk_read_identifiers(lk_arena *arena, const char *text, size_t length, lk_version *version) {
    size_t dots = 0;
    for (size_t at = 0; at < length; at++) dots += text[at] == '.';
    /* A word with a number after it is two: by its characters, beta10 would be older than beta9. */
    lk_identifier *all = lk_alloc(arena, (dots + 1) * 2 * sizeof *all);
    version->pre = all;
    if (!all) return;
    for (const char *at = text, *end = text + length; at <= end;) {
        const char *dot = memchr(at, '.', (size_t)(end - at));
        size_t size = (size_t)((dot ? dot : end) - at), letters = 0;
        char *word = lk_copy_bytes(arena, at, size);
        if (!word) return;
        for (size_t index = 0; index < size; index++) word[index] = lower(word[index]);
        while (is_letter(word[letters])) letters++;
        int64_t number;
        size_t digits = lk_read_digits(word + letters, &number);
        bool is_counted = digits > 0 && digits <= 15 && letters + digits == size;
        if (!is_counted || letters > 0) {
            if (is_counted) word[letters] = '\0';
            all[version->pre_count++].word = word;
        }
        if (is_counted) all[version->pre_count++].number = number;
        at += size + 1;
    }
}

void lk_drop_zeros(lk_version *version) {
    while (version->count > 1 && version->numbers[version->count - 1] == 0) version->count--;
}

static bool starts_with(const char *text, const char *word) {
    for (; *word; word++, text++) {
        if (lower(*text) != *word) return false;
    }
    return true;
}

/* A pre-release in words: " beta", " (Beta 3)", "rc1", "b4"; "a" and "b" count with a number only. */
static void read_words(lk_arena *arena, const char *text, lk_version *version) {
    static const char *const words[][2] = {
        {"alpha", "alpha"},     {"beta", "beta"},         {"rc", "rc"},   {"release candidate", "rc"},
        {"preview", "preview"}, {"pre", "pre"},           {"dev", "dev"}, {"nightly", "nightly"},
        {"canary", "canary"},   {"snapshot", "snapshot"}, {"a", "alpha"}, {"b", "beta"},
    };
    text += strspn(text, " \t\r\n\f\v._,-");
    if (*text == '(') text++;
    text += strspn(text, " \t\r\n\f\v");
    for (size_t index = 0; index < sizeof words / sizeof words[0]; index++) {
        if (!starts_with(text, words[index][0])) continue;
        const char *after = text + strlen(words[index][0]);
        bool is_single = words[index][0][1] == '\0';
        if (is_single && !is_digit(*after)) continue;
        const char *number_at = after + strspn(after, " \t\r\n\f\v._-");
        int64_t number;
        size_t digits = lk_read_digits(number_at, &number);
        bool is_ended = !is_letter(number_at[digits]);
        bool is_counted = digits > 0 && digits <= 15 && is_ended;
        if (!is_counted && !(digits == 0 && is_ended) && number_at == after) continue;
        lk_identifier *all = lk_alloc(arena, 2 * sizeof *all);
        if (!all) return;
        all[0].word = words[index][1];
        all[1].number = number;
        version->pre = all;
        version->pre_count = is_counted ? 2 : 1;
        return;
    }
}

/* Full-width characters and other blanks as ordinary ones, without blanks around. */
static const char *plain_text(lk_arena *arena, const char *text) {
    lk_text out = {0};
    size_t length = strlen(text);
    text = lk_trim(text, &length);
    for (const char *at = text, *end = text + length; at < end;) {
        uint32_t character = lk_next(&at, end);
        if (character >= 0xff01 && character <= 0xff5e) character -= 0xfee0;
        lk_append_character(&out, lk_is_white_space(character) ? ' ' : character);
    }
    lk_append(&out, "", 0);
    const char *copy = out.failed ? NULL : lk_copy(arena, out.bytes);
    if (out.failed) arena->failed = true;
    lk_text_free(&out);
    return copy;
}

bool lk_parse_version(lk_arena *arena, const char *text, lk_version *version) {
    memset(version, 0, sizeof *version);
    const char *at = plain_text(arena, text);
    if (!at) return false;
    if (lower(*at) == 'v') at++;
    if (*at == '.') at++;
    while (*at == ' ') at++;
    int64_t *numbers = lk_alloc(arena, (strlen(at) / 2 + 1) * sizeof *numbers);
    if (!numbers) return false;
    version->numbers = numbers;
    while (true) {
        size_t digits = lk_read_digits(at, &numbers[version->count]);
        if (digits == 0 || digits > 15) return false;
        version->count++;
        at += digits;
        if (*at != '.' || !is_digit(at[1])) break;
        at++;
    }
    /* A number that follows further dots is part of no version. */
    if (is_digit(at[strspn(at, ".")])) return false;
    lk_drop_zeros(version);
    size_t length = *at == '-' ? lk_identifiers_length(at + 1) : 0;
    bool is_semantic = length > 0 && (at[1 + length] == '\0' || at[1 + length] == '+');
    if (is_semantic)
        lk_read_identifiers(arena, at + 1, length, version);
    else
        read_words(arena, at, version);
    return !arena->failed;
}
