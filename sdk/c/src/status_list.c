/* Reads status lists. They are decompressed by zlib, with a limit. */
#include "status_list.h"

#include <string.h>
#include <zlib.h>

#include "unicode.h"

/* A list is not larger when it is decompressed; bytes. */
enum { MAX_SIZE = 16384 };

static bool inflate_list(lk_arena *arena, const lk_bytes *compressed, lk_status_list *list) {
    unsigned char *bits = lk_alloc(arena, MAX_SIZE + 1);
    z_stream stream;
    memset(&stream, 0, sizeof stream);
    if (!bits) return false;
    if (inflateInit(&stream) != Z_OK) {
        arena->failed = true;
        return false;
    }
    stream.next_in = compressed->data;
    stream.avail_in = (uInt)compressed->length;
    stream.next_out = bits;
    stream.avail_out = MAX_SIZE + 1;
    int result = inflate(&stream, Z_FINISH);
    list->bits = bits;
    list->length = MAX_SIZE + 1 - stream.avail_out;
    bool is_whole = result == Z_STREAM_END && list->length <= MAX_SIZE && stream.avail_in == 0;
    if (result == Z_MEM_ERROR) arena->failed = true;
    inflateEnd(&stream);
    return is_whole;
}

lk_reason lk_read_status_list(lk_arena *arena, const char *jws, size_t length, const lk_keys *keys,
                              lk_status_list *list) {
    const lk_json *claims;
    lk_bytes compressed;
    memset(list, 0, sizeof *list);
    if (length > LK_MAX_TEXT) return "malformed";
    jws = lk_trim(jws, &length);
    lk_reason reason = lk_verify_jws(arena, jws, length, "statuslist+jwt", keys, &claims);
    if (reason) return reason;
    const lk_json *iat = lk_member(claims, "iat"), *exp = lk_member(claims, "exp");
    const lk_json *of = lk_member(claims, "status_list"), *bits = lk_member(of, "bits");
    const lk_json *lst = lk_string_member(of, "lst");
    list->uri = lk_string_member(claims, "sub");
    if (!list->uri || !lk_is_time(iat) || !lk_is_time(exp) || !lk_is_whole(lk_member(claims, "ttl")) ||
        !lk_is_whole(bits) || bits->number != 1 || !lst) {
        return "malformed";
    }
    list->issued_at = (int64_t)iat->number;
    list->expires_at = (int64_t)exp->number;
    if (!lk_read_base64(arena, lst->text, lst->length, &compressed)) return "malformed";
    return inflate_list(arena, &compressed, list) ? NULL : "malformed";
}

bool lk_is_set(const lk_status_list *list, int64_t index) {
    uint64_t byte = (uint64_t)index / 8;
    return byte < list->length && (list->bits[byte] >> (index % 8) & 1) == 1;
}
