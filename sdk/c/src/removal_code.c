/* Removal codes: what a device without a network shows when it is given back, for the vendor's panel. */
#include <stdio.h>
#include <string.h>

#include "crypto.h"
#include "license_file.h"

static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/* A number to the base of 32, with leading zeros to a length. */
static char *put_number(char *to, uint64_t number, size_t length) {
    char reversed[16];
    size_t count = 0;
    while (number > 0 || count < length) {
        reversed[count++] = digits[number % 32];
        number /= 32;
    }
    while (count > 0) *to++ = reversed[--count];
    return to;
}

const char *lk_removal_code(lk_arena *arena, int64_t activation, int64_t seq, const char *removal) {
    lk_bytes key;
    unsigned char proof[LK_DIGEST];
    char message[64], code[80], dashed[100];
    if (!lk_read_base64(arena, removal, strlen(removal), &key)) return NULL;
    snprintf(message, sizeof message, "removal\n%lld\n%lld", (long long)activation, (long long)seq);
    if (!lk_hmac(key.data, key.length, (const unsigned char *)message, strlen(message), proof)) {
        arena->failed = true;
        return NULL;
    }
    char *to = put_number(code, (uint64_t)activation, 1);
    to = put_number(to, (uint64_t)seq, 8);
    /* 26 digits of the first 16 bytes, five bits at a time, and two bits that are 0. */
    for (int digit = 0; digit < 26; digit++) {
        int value = 0;
        for (int bit = digit * 5; bit < digit * 5 + 5; bit++) {
            value = value * 2 + (bit < 128 ? proof[bit / 8] >> (7 - bit % 8) & 1 : 0);
        }
        *to++ = digits[value];
    }
    size_t length = (size_t)(to - code), count = 0;
    for (size_t at = 0; at < length; at++) {
        if (at > 0 && at % 5 == 0) dashed[count++] = '-';
        dashed[count++] = code[at];
    }
    return lk_copy_bytes(arena, dashed, count);
}
