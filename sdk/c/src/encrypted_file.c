/* Encrypted license files: JWE (RFC 7516) whose key follows from the license key and the fingerprint of the
 * device. */
#include <string.h>

#include "crypto.h"
#include "license_file.h"

lk_reason lk_decrypt_file(lk_arena *arena, const lk_part *jwe, const char *license_key,
                          const char *fingerprint, lk_part *jws) {
    lk_part parts[5];
    lk_bytes nonce, ciphertext, tag, salt;
    if (lk_split(jwe->text, jwe->length, parts, 5) != 5 || parts[1].length != 0) return "malformed";
    const lk_json *header = lk_read_object(arena, parts[0].text, parts[0].length);
    if (!header || !lk_read_base64(arena, parts[2].text, parts[2].length, &nonce) || nonce.length != 12 ||
        !lk_read_base64(arena, parts[3].text, parts[3].length, &ciphertext) ||
        !lk_read_base64(arena, parts[4].text, parts[4].length, &tag) || tag.length != 16) {
        return "malformed";
    }
    if (lk_member(header, "crit") || lk_member(header, "zip")) return "malformed";
    if (!lk_is_text(lk_member(header, "typ"), "license-file+jwe") ||
        !lk_is_text(lk_member(header, "cty"), "license-file+jwt")) {
        return "wrong_type";
    }
    if (!lk_is_text(lk_member(header, "alg"), "dir") || !lk_is_text(lk_member(header, "enc"), "A256GCM")) {
        return "wrong_algorithm";
    }
    const lk_json *salt_text = lk_string_member(header, "salt");
    if (!salt_text || !lk_read_base64(arena, salt_text->text, salt_text->length, &salt)) return "malformed";
    char *secret = lk_format(arena, "%s\n%s", license_key ? license_key : "", fingerprint);
    unsigned char *plain = lk_alloc(arena, ciphertext.length + 1);
    unsigned char key[LK_DIGEST];
    if (!secret || !plain) return "malformed";
    lk_bytes secret_bytes = {(unsigned char *)secret, strlen(secret)};
    if (!lk_hkdf(&secret_bytes, &salt, "latchkey license file", key)) {
        arena->failed = true;
        return "malformed";
    }
    if (!lk_decrypt(key, &nonce, parts[0].text, parts[0].length, &ciphertext, &tag, plain)) {
        return "not_decrypted";
    }
    if (!lk_is_utf8((const char *)plain, ciphertext.length)) return "malformed";
    jws->text = (const char *)plain;
    jws->length = ciphertext.length;
    return NULL;
}
