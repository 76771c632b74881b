/* Cryptography by OpenSSL 3. */
#include "crypto.h"

#include <limits.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <string.h>

bool lk_sha256(const char *text, size_t length, unsigned char digest[LK_DIGEST]) {
    return EVP_Digest(text, length, digest, NULL, EVP_sha256(), NULL) == 1;
}

bool lk_hmac(const unsigned char *key, size_t key_length, const unsigned char *text, size_t length,
             unsigned char digest[LK_DIGEST]) {
    unsigned int size = LK_DIGEST;
    static const unsigned char none[1] = {0};
    if (key_length > INT_MAX) return false;
    return HMAC(EVP_sha256(), key_length > 0 ? key : none, (int)key_length, text, length, digest, &size) !=
           NULL;
}

bool lk_hkdf(const lk_bytes *secret, const lk_bytes *salt, const char *info, unsigned char key[LK_DIGEST]) {
    unsigned char extracted[LK_DIGEST];
    unsigned char block[64];
    size_t length = strlen(info);
    if (length >= sizeof block) return false;
    memcpy(block, info, length);
    /* One block is enough for 32 bytes. */
    block[length] = 1;
    return lk_hmac(salt->data, salt->length, secret->data, secret->length, extracted) &&
           lk_hmac(extracted, sizeof extracted, block, length + 1, key);
}

bool lk_decrypt(const unsigned char key[LK_DIGEST], const lk_bytes *nonce, const char *header,
                size_t header_length, const lk_bytes *ciphertext, const lk_bytes *tag, unsigned char *plain) {
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    if (!context) return false;
    int length = 0;
    unsigned char last[16];
    bool is_right =
        ciphertext->length <= INT_MAX && header_length <= INT_MAX &&
        EVP_DecryptInit_ex(context, EVP_aes_256_gcm(), NULL, NULL, NULL) == 1 &&
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_IVLEN, (int)nonce->length, NULL) == 1 &&
        EVP_DecryptInit_ex(context, NULL, NULL, key, nonce->data) == 1 &&
        EVP_DecryptUpdate(context, NULL, &length, (const unsigned char *)header, (int)header_length) == 1 &&
        EVP_DecryptUpdate(context, plain, &length, ciphertext->data, (int)ciphertext->length) == 1 &&
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, (int)tag->length, tag->data) == 1 &&
        EVP_DecryptFinal_ex(context, last, &length) == 1;
    EVP_CIPHER_CTX_free(context);
    return is_right;
}

bool lk_is_signed(const unsigned char key[32], const lk_bytes *signature, const char *text, size_t length) {
    if (signature->length != 64) return false;
    EVP_PKEY *public_key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key, 32);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool is_right =
        public_key && context && EVP_DigestVerifyInit(context, NULL, NULL, NULL, public_key) == 1 &&
        EVP_DigestVerify(context, signature->data, signature->length, (const unsigned char *)text, length) ==
            1;
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(public_key);
    return is_right;
}

int lk_system_random(void *context, unsigned char *bytes, size_t length) {
    (void)context;
    return length <= INT_MAX && RAND_bytes(bytes, (int)length) == 1 ? 0 : -1;
}

const char *lk_digest_text(lk_arena *arena, const char *text, size_t length) {
    unsigned char digest[LK_DIGEST];
    lk_text out = {0};
    if (!lk_sha256(text, length, digest)) {
        arena->failed = true;
        return NULL;
    }
    lk_write_base64(&out, digest, sizeof digest);
    const char *copy = out.failed ? NULL : lk_copy(arena, out.bytes);
    if (!copy) arena->failed = true;
    lk_text_free(&out);
    return copy;
}
