/* Bytes and texts: base64url without padding (RFC 4648, section 5), hexadecimal. */
#ifndef LK_ENCODING_H
#define LK_ENCODING_H

#include "json.h"

typedef struct lk_bytes {
    unsigned char *data;
    size_t length;
} lk_bytes;

/* Appends bytes in base64url. */
void lk_write_base64(lk_text *out, const unsigned char *data, size_t length);
/* The bytes of base64url. False for other characters, and for text that is not what its bytes are encoded as.
 */
bool lk_read_base64(lk_arena *arena, const char *text, size_t length, lk_bytes *bytes);
/* The JSON object in base64url. NULL when it is none. */
const lk_json *lk_read_object(lk_arena *arena, const char *text, size_t length);
void lk_write_hex(lk_text *out, const unsigned char *data, size_t length);

#endif
