/* The text form of a license file, which survives e-mail and clipboards: base64url in lines between two
 * markers. */
#include <string.h>

#include "license_file.h"

static const char BEGIN[] = "-----BEGIN LATCHKEY LICENSE-----";
static const char END[] = "-----END LATCHKEY LICENSE-----";

static const char *find(const char *text, size_t length, const char *word) {
    size_t size = strlen(word);
    for (const char *at = text; (size_t)(text + length - at) >= size; at++) {
        if (memcmp(at, word, size) == 0) return at;
    }
    return NULL;
}

lk_reason lk_content_of_file(lk_arena *arena, const char *text, size_t length, lk_part *content) {
    if (length > LK_MAX_TEXT) return "malformed";
    const char *begin = find(text, length, BEGIN);
    if (!begin) return "malformed";
    begin += sizeof BEGIN - 1;
    const char *end = find(begin, (size_t)(text + length - begin), END);
    if (!end) return "malformed";
    char *copy = lk_alloc(arena, (size_t)(end - begin) + 1);
    if (!copy) return "malformed";
    content->text = copy;
    for (const char *at = begin; at < end; at++) {
        if (*at != ' ' && *at != '\t' && *at != '\r' && *at != '\n') *copy++ = *at;
    }
    content->length = (size_t)(copy - content->text);
    return NULL;
}
