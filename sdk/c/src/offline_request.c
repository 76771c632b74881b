/* The text of an offline request: JSON in base64url and a check, in lines between two markers. */
#include "offline_request.h"

#include "crypto.h"

enum { LINE = 64, CHECK = 6 };

char *lk_write_request(const char *json, size_t length) {
    unsigned char digest[LK_DIGEST];
    lk_text content = {0}, out = {0};
    if (!lk_sha256(json, length, digest)) return NULL;
    lk_write_base64(&content, (const unsigned char *)json, length);
    lk_append_char(&content, '.');
    /* With the check, text that was cut or mistyped is found. */
    lk_write_base64(&content, digest, CHECK);
    out.failed = content.failed;
    lk_append_text(&out, "-----BEGIN LATCHKEY REQUEST-----\n");
    for (size_t at = 0; at < content.length && !content.failed; at += LINE) {
        size_t left = content.length - at;
        lk_append(&out, content.bytes + at, left < LINE ? left : LINE);
        lk_append_char(&out, '\n');
    }
    lk_append_text(&out, "-----END LATCHKEY REQUEST-----\n");
    lk_text_free(&content);
    return lk_take(&out);
}
