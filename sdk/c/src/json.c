/* Members of JSON values, and writing them. */
#include "json.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const double MAX_WHOLE = 9007199254740991.0;

const lk_json *lk_member(const lk_json *object, const char *name) {
    if (!object || object->kind != LK_OBJECT) return NULL;
    size_t length = strlen(name);
    for (const lk_json *member = object->first; member; member = member->next) {
        if (member->name_length == length && memcmp(member->name, name, length) == 0) return member;
    }
    return NULL;
}

const lk_json *lk_string_member(const lk_json *object, const char *name) {
    const lk_json *member = lk_member(object, name);
    return member && member->kind == LK_STRING ? member : NULL;
}

const char *lk_text_member(const lk_json *object, const char *name) {
    const lk_json *member = lk_string_member(object, name);
    return member && strlen(member->text) == member->length ? member->text : NULL;
}

bool lk_is_text(const lk_json *value, const char *text) {
    return value && value->kind == LK_STRING && value->length == strlen(text) &&
           memcmp(value->text, text, value->length) == 0;
}

bool lk_is_whole(const lk_json *value) {
    return value && value->kind == LK_NUMBER && value->number >= 0 && value->number <= MAX_WHOLE &&
           value->number == floor(value->number);
}

int64_t lk_whole(const lk_json *value, int64_t otherwise) {
    return lk_is_whole(value) ? (int64_t)value->number : otherwise;
}

void lk_write_string(lk_text *out, const char *text, size_t length) {
    lk_append_char(out, '"');
    const char *end = text + length;
    while (text < end) {
        const char *from = text;
        while (text < end && (unsigned char)*text >= 0x20 && *text != '"' && *text != '\\' &&
               (unsigned char)*text < 0x80) {
            text++;
        }
        lk_append(out, from, (size_t)(text - from));
        if (text == end) break;
        unsigned char character = (unsigned char)*text;
        if (character >= 0x80) {
            size_t more = character >= 0xf0 ? 4 : character >= 0xe0 ? 3 : 2;
            bool is_whole = (size_t)(end - text) >= more && lk_is_utf8(text, more);
            if (is_whole)
                lk_append(out, text, more);
            else
                lk_append_text(out, "\xef\xbf\xbd");
            text += is_whole ? more : 1;
            continue;
        }
        static const char names[] = "\"\"\\\\\bb\ff\nn\rr\tt";
        const char *name = strchr(names, character);
        char escape[8];
        if (character && name)
            snprintf(escape, sizeof escape, "\\%c", name[1]);
        else
            snprintf(escape, sizeof escape, "\\u%04x", (unsigned)character);
        lk_append_text(out, escape);
        text++;
    }
    lk_append_char(out, '"');
}

void lk_write_number(lk_text *out, double number) {
    char digits[40];
    if (!isfinite(number)) {
        lk_append_text(out, "null");
        return;
    }
    if (number == floor(number) && fabs(number) <= MAX_WHOLE) {
        snprintf(digits, sizeof digits, "%lld", (long long)number);
    } else {
        /* 15 digits are exact where they are enough, and 17 always. */
        double back = 0;
        snprintf(digits, sizeof digits, "%.15g", number);
        if (sscanf(digits, "%lf", &back) != 1 || back != number)
            snprintf(digits, sizeof digits, "%.17g", number);
        const char *point = localeconv()->decimal_point;
        char *found = strcmp(point, ".") == 0 ? NULL : strstr(digits, point);
        if (found) {
            *found = '.';
            memmove(found + 1, found + strlen(point), strlen(found + strlen(point)) + 1);
        }
    }
    lk_append_text(out, digits);
}

void lk_write_json(lk_text *out, const lk_json *value) {
    static const char *const constants[] = {"null", "false", "true"};
    if (!value || value->kind == LK_NULL) {
        lk_append_text(out, constants[0]);
    } else if (value->kind == LK_BOOLEAN) {
        lk_append_text(out, constants[value->boolean ? 2 : 1]);
    } else if (value->kind == LK_NUMBER) {
        lk_append(out, value->text, value->length);
    } else if (value->kind == LK_STRING) {
        lk_write_string(out, value->text, value->length);
    } else {
        bool is_list = value->kind == LK_LIST;
        lk_append_char(out, is_list ? '[' : '{');
        for (const lk_json *member = value->first; member; member = member->next) {
            if (member != value->first) lk_append_char(out, ',');
            if (!is_list) {
                lk_write_string(out, member->name, member->name_length);
                lk_append_char(out, ':');
            }
            lk_write_json(out, member);
        }
        lk_append_char(out, is_list ? ']' : '}');
    }
}

void lk_put_name(lk_text *out, const char *name) {
    if (out->length > 0 && out->bytes[out->length - 1] != '{') lk_append_char(out, ',');
    lk_write_string(out, name, strlen(name));
    lk_append_char(out, ':');
}

void lk_put_text(lk_text *out, const char *name, const char *text) {
    lk_put_name(out, name);
    if (text)
        lk_write_string(out, text, strlen(text));
    else
        lk_append_text(out, "null");
}

void lk_put_whole(lk_text *out, const char *name, int64_t number) {
    lk_put_number(out, name, (double)number);
}

void lk_put_number(lk_text *out, const char *name, double number) {
    lk_put_name(out, name);
    lk_write_number(out, number);
}

void lk_put_boolean(lk_text *out, const char *name, bool value) {
    lk_put_name(out, name);
    lk_append_text(out, value ? "true" : "false");
}

void lk_put_json(lk_text *out, const char *name, const lk_json *value) {
    lk_put_name(out, name);
    lk_write_json(out, value);
}
