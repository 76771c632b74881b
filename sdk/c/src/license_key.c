/* Reads a license key, and checks its check character. */
#include "license_key.h"

#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "unicode.h"

/* How long text that holds a key may be, in UTF-16 units; the key itself has at most 255 of them. */
enum { LONGEST_PASTED = 1000, LONGEST = 255, SHORTEST = 6, CHECKSUM = 15 };

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/* The length as JavaScript and the server count it. */
static size_t utf16_length(const char *text) {
    size_t units = 0;
    for (const char *at = text, *end = text + strlen(text); at < end;) {
        units += lk_next(&at, end) >= 0x10000 ? 2 : 1;
    }
    return units;
}

/* The value of the key at the generator of GF(32), as a polynomial: 15 for each that is well-formed. */
static int checksum_of(const char *key) {
    int value = 0;
    for (; *key; key++) {
        int doubled = value << 1;
        const char *digit = strchr(alphabet, *key);
        value = (doubled & 32 ? doubled ^ 0x25 : doubled) ^ (digit ? (int)(digit - alphabet) : -1);
    }
    return value;
}

static bool is_made_of(const char *text, size_t length, const char *characters) {
    return strlen(text) == length && strspn(text, characters) == length;
}

/* The key without blanks, in upper case. False when a control character is in it. */
static bool fold(const char *text, char *upper) {
    for (; *text; text++) {
        unsigned char character = (unsigned char)*text;
        bool is_c1 = character == 0xc2 && (unsigned char)text[1] >= 0x80 && (unsigned char)text[1] < 0xa0;
        if (character < 0x20 || character == 0x7f || is_c1) return false;
        if (character == ' ') continue;
        *upper++ = (char)(character >= 'a' && character <= 'z' ? character - 'a' + 'A' : character);
    }
    *upper = '\0';
    return true;
}

bool lk_read_key(lk_arena *arena, const char *typed, lk_typed_key *key) {
    size_t length = strlen(typed);
    if (!lk_is_utf8(typed, length) || utf16_length(typed) > LONGEST_PASTED) return false;
    key->checksum_mismatch = false;
    key->text = lk_clean_key(arena, typed, length);
    if (!key->text) return false;
    size_t units = utf16_length(key->text);
    char *upper = lk_alloc(arena, strlen(key->text) + 1), *compact = lk_alloc(arena, strlen(key->text) + 1);
    if (units < SHORTEST || units > LONGEST || !upper || !compact || !fold(key->text, upper)) return false;
    const char *from = upper;
    if (strncmp(from, "URN:UUID:", 9) == 0) from += from[9] == '{' ? 10 : 9;
    char *to = compact;
    for (; *from; from++) {
        if (*from != '-') *to++ = *from;
    }
    key->canonical = compact;
    if (is_made_of(compact, 32, "0123456789ABCDEF")) return true;
    char *generated = lk_copy(arena, compact);
    if (!generated) return false;
    for (char *at = generated; *at; at++) *at = *at == 'O' ? '0' : *at == 'I' || *at == 'L' ? '1' : *at;
    if (!is_made_of(generated, 16, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")) {
        key->canonical = upper;
        return true;
    }
    key->canonical = generated;
    /* U is the only other letter that base 32 lacks. */
    key->checksum_mismatch = strchr(generated, 'U') || checksum_of(generated) != CHECKSUM;
    return true;
}

const char *lk_key_to_send(lk_arena *arena, const char *typed) {
    lk_typed_key key;
    if (lk_read_key(arena, typed, &key)) return key.text;
    return arena->failed ? NULL : lk_copy(arena, typed);
}

latchkey_result latchkey_read_license_key(const char *typed, char **text, char **canonical,
                                          int *checksum_mismatch, latchkey_error **error) {
    lk_arena arena = {0};
    lk_typed_key key = {NULL, NULL, false};
    latchkey_error *failure = NULL;
    if (text) *text = NULL;
    if (canonical) *canonical = NULL;
    bool is_key = typed && lk_read_key(&arena, typed, &key);
    char *text_copy = is_key ? lk_duplicate(key.text) : NULL;
    char *canonical_copy = is_key ? lk_duplicate(key.canonical) : NULL;
    if (arena.failed || (is_key && (!text_copy || !canonical_copy)))
        failure = lk_error_out_of_memory();
    else if (!is_key)
        failure = lk_error_invalid("The text can be no license key.");
    if (!failure && checksum_mismatch) *checksum_mismatch = key.checksum_mismatch;
    if (!failure && text) {
        *text = text_copy;
        text_copy = NULL;
    }
    if (!failure && canonical) {
        *canonical = canonical_copy;
        canonical_copy = NULL;
    }
    free(text_copy);
    free(canonical_copy);
    lk_arena_free(&arena);
    return lk_end(failure, error);
}
