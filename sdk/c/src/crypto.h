/* What is computed by OpenSSL's libcrypto: SHA-256, HMAC, HKDF, AES-256-GCM, Ed25519, random bytes. */
#ifndef LK_CRYPTO_H
#define LK_CRYPTO_H

#include "encoding.h"

enum { LK_DIGEST = 32 };

/* False without memory, as all functions here that return a bool unless they say otherwise. */
bool lk_sha256(const char *text, size_t length, unsigned char digest[LK_DIGEST]);
bool lk_hmac(const unsigned char *key, size_t key_length, const unsigned char *text, size_t length,
             unsigned char digest[LK_DIGEST]);
/* 32 bytes of HKDF-SHA-256 (RFC 5869). */
bool lk_hkdf(const lk_bytes *secret, const lk_bytes *salt, const char *info, unsigned char key[LK_DIGEST]);
/* Decrypts; `plain` has as many bytes as the ciphertext. False when the tag is wrong. */
bool lk_decrypt(const unsigned char key[LK_DIGEST], const lk_bytes *nonce, const char *header,
                size_t header_length, const lk_bytes *ciphertext, const lk_bytes *tag, unsigned char *plain);
/* Whether a signature of Ed25519 (RFC 8032) is right. */
bool lk_is_signed(const unsigned char key[32], const lk_bytes *signature, const char *text, size_t length);
/* As ::latchkey_random. */
int lk_system_random(void *context, unsigned char *bytes, size_t length);

/* SHA-256 of a text in base64url. NULL without memory. */
const char *lk_digest_text(lk_arena *arena, const char *text, size_t length);

#endif
