/* base64url and hexadecimal. */
#include "encoding.h"

#include <string.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

void lk_write_base64(lk_text *out, const unsigned char *data, size_t length) {
    for (size_t at = 0; at < length; at += 3) {
        size_t left = length - at;
        unsigned long three = (unsigned long)data[at] << 16;
        if (left > 1) three |= (unsigned long)data[at + 1] << 8;
        if (left > 2) three |= data[at + 2];
        char four[4];
        for (int index = 0; index < 4; index++) four[index] = alphabet[three >> (18 - 6 * index) & 63];
        lk_append(out, four, left > 2 ? 4 : left + 1);
    }
}

bool lk_read_base64(lk_arena *arena, const char *text, size_t length, lk_bytes *bytes) {
    if (length % 4 == 1) return false;
    unsigned char *data = lk_alloc(arena, length / 4 * 3 + 3);
    if (!data) return false;
    unsigned long group = 0;
    size_t count = 0;
    for (size_t at = 0; at < length; at++) {
        const char *found = text[at] ? strchr(alphabet, text[at]) : NULL;
        if (!found) return false;
        group = group << 6 | (unsigned long)(found - alphabet);
        if (at % 4 == 1) data[count++] = (unsigned char)(group >> 4);
        if (at % 4 == 2) data[count++] = (unsigned char)(group >> 2);
        if (at % 4 == 3) data[count++] = (unsigned char)group;
        group &= 0xffff;
    }
    /* Bits that no byte has are 0: other texts with the same bytes would be one signature under two names. */
    if (length % 4 == 2 && (group & 15) != 0) return false;
    if (length % 4 == 3 && (group & 3) != 0) return false;
    bytes->data = data;
    bytes->length = count;
    return true;
}

const lk_json *lk_read_object(lk_arena *arena, const char *text, size_t length) {
    lk_bytes bytes;
    if (!lk_read_base64(arena, text, length, &bytes)) return NULL;
    const lk_json *value = lk_json_read(arena, (const char *)bytes.data, bytes.length);
    return value && value->kind == LK_OBJECT ? value : NULL;
}

void lk_write_hex(lk_text *out, const unsigned char *data, size_t length) {
    for (size_t at = 0; at < length; at++) {
        lk_append_char(out, "0123456789abcdef"[data[at] >> 4]);
        lk_append_char(out, "0123456789abcdef"[data[at] & 15]);
    }
}
