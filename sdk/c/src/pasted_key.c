/* License keys as people paste them: from mail, PDF, chat and word processors, which change dashes, wrap
 * lines, and add quotes and characters that cannot be seen. */
#include <string.h>

#include "license_key.h"
#include "unicode.h"

static bool is_line_break(uint32_t character) {
    return (character >= 0x0a && character <= 0x0d) || character == 0x85 || character == 0x2028 ||
           character == 0x2029;
}

static bool is_one_of(uint32_t character, const char *ascii) {
    return character < 0x80 && character && strchr(ascii, (int)character);
}

/* Quotes, brackets, bullets and the marks for quoted lines and bold text before a key. */
static bool is_before(uint32_t character) {
    return lk_is_quote(character) || lk_is_opening(character) || is_one_of(character, "\"'`<>|*") ||
           character == 0xb4 || character == 0x2022 || character == 0xb7 || lk_is_white_space(character);
}

/* The same after a key, and the punctuation of the sentence it was in. */
static bool is_after(uint32_t character) {
    return lk_is_quote(character) || lk_is_opening(character) || lk_is_closing(character) ||
           is_one_of(character, "\"'`>*.,;:") || character == 0xb4 || character == 0x3001 ||
           character == 0x3002 || lk_is_white_space(character);
}

/* The characters without those that cannot be seen. @return their count */
static size_t read_visible(const char *text, size_t length, uint32_t *characters) {
    size_t count = 0;
    for (const char *at = text, *end = text + length; at < end;) {
        uint32_t character = lk_next(&at, end);
        if (!lk_is_invisible(character)) characters[count++] = character;
    }
    return count;
}

/* Line breaks are removed, with the marks of quotation that mail programs put before the next line. */
static size_t join_lines(uint32_t *characters, size_t count) {
    size_t kept = 0;
    for (size_t at = 0; at < count;) {
        if (!is_line_break(characters[at])) {
            characters[kept++] = characters[at++];
            continue;
        }
        while (at < count && is_line_break(characters[at])) at++;
        while (at < count && (is_one_of(characters[at], "\t >|") || characters[at] == 0xa0)) at++;
    }
    return kept;
}

/* Full-width characters, digits of Arabic and Persian keyboards, I of Turkish ones, and dashes, as ordinary
 * ones. */
static size_t make_ordinary(uint32_t *characters, size_t count) {
    size_t kept = 0;
    for (size_t at = 0; at < count; at++) {
        uint32_t character = characters[at];
        if (character >= 0xff01 && character <= 0xff5e) character -= 0xfee0;
        if ((character >= 0x660 && character <= 0x669) || (character >= 0x6f0 && character <= 0x6f9)) {
            character = '0' + (character & 15);
        }
        if (character == 0x130) character = 'I';
        if (character == 0x131) character = 'i';
        bool is_dot = character == 0x307 && kept > 0 && is_one_of(characters[kept - 1], "Ii");
        if (is_dot) continue;
        characters[kept++] = lk_is_dash(character) ? '-' : character;
    }
    return kept;
}

const char *lk_clean_key(lk_arena *arena, const char *text, size_t length) {
    uint32_t *characters = lk_alloc(arena, (length + 1) * sizeof *characters);
    lk_text out = {0};
    if (!characters) return NULL;
    size_t count = read_visible(text, length, characters);
    count = make_ordinary(characters, join_lines(characters, count));
    size_t from = 0;
    while (from < count && is_before(characters[from])) from++;
    while (count > from && is_after(characters[count - 1])) count--;
    for (size_t at = from; at < count; at++) {
        if (!lk_is_white_space(characters[at]))
            lk_append_character(&out, characters[at]);
        else if (!lk_is_white_space(characters[at - 1]))
            lk_append_char(&out, ' ');
    }
    lk_append(&out, "", 0);
    const char *key = out.failed ? NULL : lk_copy(arena, out.bytes);
    if (!key) arena->failed = true;
    lk_text_free(&out);
    return key;
}
