/* Characters of Unicode. */
#include "unicode.h"

#include <string.h>

#include "unicode_tables.h"

uint32_t lk_next(const char **at, const char *end) {
    const unsigned char *from = (const unsigned char *)*at;
    size_t more = *from >= 0xf0 ? 3 : *from >= 0xe0 ? 2 : *from >= 0xc0 ? 1 : 0;
    if (*from < 0x80) {
        (*at)++;
        return *from;
    }
    if ((size_t)(end - *at) < more + 1 || !lk_is_utf8(*at, more + 1)) {
        (*at)++;
        return 0xfffd;
    }
    uint32_t character = *from & (0x3fu >> more);
    for (size_t index = 1; index <= more; index++) character = character << 6 | (from[index] & 0x3fu);
    *at += more + 1;
    return character;
}

void lk_append_character(lk_text *out, uint32_t character) {
    char bytes[4];
    size_t length = character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
    if (length == 1) {
        lk_append_char(out, (char)character);
        return;
    }
    static const unsigned char first[] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t index = length; index-- > 0; character >>= 6) {
        bytes[index] = (char)(index == 0 ? first[length] | character : 0x80 | (character & 0x3f));
    }
    lk_append(out, bytes, length);
}

static bool is_in(const uint32_t (*ranges)[2], size_t count, uint32_t character) {
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (character < ranges[middle][0])
            high = middle;
        else if (character > ranges[middle][1])
            low = middle + 1;
        else
            return true;
    }
    return false;
}

#define IS_IN(ranges, character) is_in(ranges, sizeof(ranges) / sizeof(ranges)[0], character)

bool lk_is_invisible(uint32_t character) {
    return IS_IN(invisible, character);
}
bool lk_is_dash(uint32_t character) {
    return IS_IN(dashes, character);
}
bool lk_is_white_space(uint32_t character) {
    return IS_IN(white_space, character);
}
bool lk_is_quote(uint32_t character) {
    return IS_IN(quotes, character);
}
bool lk_is_opening(uint32_t character) {
    return IS_IN(openings, character);
}
bool lk_is_closing(uint32_t character) {
    return IS_IN(closings, character);
}

const char *lk_trim(const char *text, size_t *length) {
    const char *end = text + *length, *from = text, *to = text;
    bool is_begun = false;
    for (const char *at = text; at < end;) {
        const char *here = at;
        if (lk_is_white_space(lk_next(&at, end))) continue;
        if (!is_begun) from = here;
        is_begun = true;
        to = at;
    }
    *length = is_begun ? (size_t)(to - from) : 0;
    return from;
}

const char *lk_trim_ascii(const char *text, size_t *length) {
    static const char blanks[] = " \t\n\v\f\r";
    while (*length > 0 && text[*length - 1] && strchr(blanks, text[*length - 1])) (*length)--;
    while (*length > 0 && *text && strchr(blanks, *text)) {
        text++;
        (*length)--;
    }
    return text;
}
