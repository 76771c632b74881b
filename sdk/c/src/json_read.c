/* Reads JSON. It refuses what RFC 8259 does not allow, text that is not UTF-8, and what is nested too deep.
 */
#include "json.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

typedef struct reader {
    lk_arena *arena;
    const char *at;
    const char *end;
    int depth;
} reader;

static lk_json *read_value(reader *in);

static void skip_blanks(reader *in) {
    while (in->at < in->end && strchr(" \t\n\r", *in->at) && *in->at) in->at++;
}

static bool take(reader *in, const char *text) {
    size_t length = strlen(text);
    if ((size_t)(in->end - in->at) < length || memcmp(in->at, text, length) != 0) return false;
    in->at += length;
    return true;
}

static int hex_of(const char *four) {
    int value = 0;
    for (int index = 0; index < 4; index++) {
        char digit = four[index];
        int low = digit >= '0' && digit <= '9'   ? digit - '0'
                  : digit >= 'a' && digit <= 'f' ? digit - 'a' + 10
                  : digit >= 'A' && digit <= 'F' ? digit - 'A' + 10
                                                 : -1;
        if (low < 0) return -1;
        value = value * 16 + low;
    }
    return value;
}

static char *put_utf8(char *to, unsigned long code) {
    if (code < 0x80) {
        *to++ = (char)code;
    } else if (code < 0x800) {
        *to++ = (char)(0xc0 | code >> 6);
        *to++ = (char)(0x80 | (code & 0x3f));
    } else if (code < 0x10000) {
        *to++ = (char)(0xe0 | code >> 12);
        *to++ = (char)(0x80 | (code >> 6 & 0x3f));
        *to++ = (char)(0x80 | (code & 0x3f));
    } else {
        *to++ = (char)(0xf0 | code >> 18);
        *to++ = (char)(0x80 | (code >> 12 & 0x3f));
        *to++ = (char)(0x80 | (code >> 6 & 0x3f));
        *to++ = (char)(0x80 | (code & 0x3f));
    }
    return to;
}

/* The character of an escape after its "u"; a surrogate without its other half is U+FFFD, as UTF-8 has none.
 */
static bool read_unicode(reader *in, char **to) {
    if (in->end - in->at < 4) return false;
    int code = hex_of(in->at);
    if (code < 0) return false;
    in->at += 4;
    unsigned long character = (unsigned long)code;
    if (code >= 0xd800 && code <= 0xdfff) {
        character = 0xfffd;
        if (code < 0xdc00 && in->end - in->at >= 6 && in->at[0] == '\\' && in->at[1] == 'u') {
            int low = hex_of(in->at + 2);
            if (low >= 0xdc00 && low <= 0xdfff) {
                character = 0x10000 + ((unsigned long)(code - 0xd800) << 10) + (unsigned long)(low - 0xdc00);
                in->at += 6;
            }
        }
    }
    *to = put_utf8(*to, character);
    return true;
}

/* The characters of a string after its first quote. A string is never longer than its text. */
static char *read_characters(reader *in, size_t *length) {
    const char *close = in->at;
    while (close < in->end && *close != '"') close += *close == '\\' && in->end - close > 1 ? 2 : 1;
    if (close >= in->end) return NULL;
    char *text = lk_alloc(in->arena, (size_t)(close - in->at) + 1);
    if (!text) return NULL;
    char *to = text;
    while (*in->at != '"') {
        unsigned char character = (unsigned char)*in->at++;
        if (character < 0x20) return NULL;
        if (character != '\\') {
            *to++ = (char)character;
            continue;
        }
        static const char escapes[] = "\"\"\\\\//b\bf\fn\nr\rt\t";
        char escape = *in->at++;
        if (escape == 'u') {
            if (!read_unicode(in, &to)) return NULL;
            continue;
        }
        size_t index = 0;
        while (index < sizeof escapes - 1 && escapes[index] != escape) index += 2;
        if (index >= sizeof escapes - 1) return NULL;
        *to++ = escapes[index + 1];
    }
    in->at++;
    *length = (size_t)(to - text);
    return text;
}

static size_t skip_digits(reader *in) {
    const char *from = in->at;
    while (in->at < in->end && *in->at >= '0' && *in->at <= '9') in->at++;
    return (size_t)(in->at - from);
}

/* The decimal point of strtod() is that of the program's locale. */
static double number_of(lk_arena *arena, const char *text, size_t length) {
    const char *point = localeconv()->decimal_point;
    size_t point_length = strlen(point);
    char *copy = lk_alloc(arena, length + point_length + 1);
    if (!copy) return 0;
    char *to = copy;
    for (size_t index = 0; index < length; index++) {
        if (text[index] == '.') {
            memcpy(to, point, point_length);
            to += point_length;
        } else {
            *to++ = text[index];
        }
    }
    return strtod(copy, NULL);
}

static bool read_number(reader *in, lk_json *value) {
    const char *from = in->at;
    take(in, "-");
    if (!take(in, "0") && skip_digits(in) == 0) return false;
    if (take(in, ".") && skip_digits(in) == 0) return false;
    if (take(in, "e") || take(in, "E")) {
        if (!take(in, "+")) take(in, "-");
        if (skip_digits(in) == 0) return false;
    }
    value->kind = LK_NUMBER;
    value->length = (size_t)(in->at - from);
    value->text = lk_copy_bytes(in->arena, from, value->length);
    value->number = number_of(in->arena, from, value->length);
    return value->text != NULL;
}

/* A member with its place, by which equal names are told apart. */
typedef struct placed {
    lk_json *member;
    size_t place;
} placed;

static int order_of_names(const lk_json *a, const lk_json *b) {
    size_t shorter = a->name_length < b->name_length ? a->name_length : b->name_length;
    int order = memcmp(a->name, b->name, shorter);
    if (order != 0) return order;
    return a->name_length < b->name_length ? -1 : a->name_length > b->name_length;
}

static int compare_placed(const void *one, const void *other) {
    const placed *a = one, *b = other;
    int order = order_of_names(a->member, b->member);
    return order != 0 ? order : a->place < b->place ? -1 : a->place > b->place;
}

/* Removes members whose name follows once more. They are sorted, so that many names take no quadratic time.
 */
static bool keep_last(lk_arena *arena, lk_json *object) {
    size_t count = object->count;
    if (count < 2) return true;
    placed *all = lk_alloc(arena, count * sizeof *all);
    lk_json **kept = lk_alloc(arena, count * sizeof *kept);
    if (!all || !kept) return false;
    size_t place = 0;
    for (lk_json *member = object->first; member; member = member->next, place++) {
        all[place].member = member;
        all[place].place = place;
    }
    qsort(all, count, sizeof *all, compare_placed);
    for (size_t index = 0; index < count; index++) {
        bool is_last = index + 1 == count || order_of_names(all[index].member, all[index + 1].member) != 0;
        if (is_last) kept[all[index].place] = all[index].member;
    }
    lk_json **last = &object->first;
    object->count = 0;
    for (size_t index = 0; index < count; index++) {
        if (!kept[index]) continue;
        *last = kept[index];
        last = &kept[index]->next;
        object->count++;
    }
    *last = NULL;
    return true;
}

static bool read_members(reader *in, lk_json *value, char close) {
    lk_json **last = &value->first;
    if (++in->depth > LK_MAX_DEPTH) return false;
    skip_blanks(in);
    char closing[2] = {close, '\0'};
    if (take(in, closing)) {
        in->depth--;
        return true;
    }
    do {
        const char *name = NULL;
        size_t name_length = 0;
        skip_blanks(in);
        if (close == '}') {
            if (!take(in, "\"") || !(name = read_characters(in, &name_length))) return false;
            skip_blanks(in);
            if (!take(in, ":")) return false;
        }
        lk_json *member = read_value(in);
        if (!member) return false;
        member->name = name;
        member->name_length = name_length;
        *last = member;
        last = &member->next;
        value->count++;
        skip_blanks(in);
    } while (take(in, ","));
    in->depth--;
    return take(in, closing) && (close == ']' || keep_last(in->arena, value));
}

static lk_json *read_value(reader *in) {
    lk_json *value = lk_alloc(in->arena, sizeof *value);
    if (!value) return NULL;
    skip_blanks(in);
    if (take(in, "null")) return value;
    value->kind = LK_BOOLEAN;
    if (take(in, "false")) return value;
    value->boolean = true;
    if (take(in, "true")) return value;
    value->boolean = false;
    if (take(in, "\"")) {
        value->kind = LK_STRING;
        value->text = read_characters(in, &value->length);
        return value->text ? value : NULL;
    }
    if (take(in, "{")) {
        value->kind = LK_OBJECT;
        return read_members(in, value, '}') ? value : NULL;
    }
    if (take(in, "[")) {
        value->kind = LK_LIST;
        return read_members(in, value, ']') ? value : NULL;
    }
    return read_number(in, value) ? value : NULL;
}

lk_json *lk_json_read(lk_arena *arena, const char *text, size_t length) {
    if (!lk_is_utf8(text, length)) return NULL;
    reader in = {arena, text, text + length, 0};
    lk_json *value = read_value(&in);
    skip_blanks(&in);
    return value && in.at == in.end && !arena->failed ? value : NULL;
}
