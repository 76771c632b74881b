/* What firmware and virtual machines say where a serial number was left out. It identifies no machine. */
#include <string.h>

#include "device.h"
#include "unicode.h"

/* Without case, blanks and punctuation. */
static const char *const placeholders[] = {
    "notspecified",
    "notpresent",
    "notsettable",
    "notavailable",
    "notapplicable",
    "none",
    "null",
    "na",
    "unknown",
    "undefined",
    "invalid",
    "oem",
    "default",
    "defaultstring",
    "tobefilledbyoem",
    "tobefilled",
    "systemserialnumber",
    "serialnumber",
    "baseboardserialnumber",
    "boardserialnumber",
    "chassisserialnumber",
    "noassettag",
    "assettag",
    "generic",
    "virtualmachine",
    "03000200040005000006000700080009",
    "00020003000400050006000700080009",
    "fffffffffffff",
};

/* Whether it is one character, so many times or more. */
static bool is_repeated(const char *text, size_t length, const char *character, size_t times) {
    size_t size = strlen(character);
    if (size == 0 || length % size != 0 || length / size < times) return false;
    for (size_t at = 0; at < length; at += size) {
        if (memcmp(text + at, character, size) != 0) return false;
    }
    return true;
}

/* Zeros, and then digits in their order: "0123456789", "123456789", "23456789" of a number that was counted up. */
static bool is_counted(const char *text) {
    text += strspn(text, "0");
    if (*text == '1') text++;
    if (*text == '2') text++;
    if (strncmp(text, "3456789", 7) != 0) return false;
    return text[strspn(text, "0123456789")] == '\0';
}

static bool is_known(const char *folded, size_t length) {
    if (strspn(folded, "0") == length) return true;
    for (size_t index = 0; index < sizeof placeholders / sizeof placeholders[0]; index++) {
        if (strcmp(placeholders[index], folded) == 0) return true;
    }
    char first[5] = "";
    const char *at = folded;
    lk_next(&at, folded + length);
    memcpy(first, folded, (size_t)(at - folded));
    return is_repeated(folded, length, "f", 4) || is_repeated(folded, length, "x", 3) ||
           is_repeated(folded, length, first, 8) || is_counted(folded);
}

bool lk_is_placeholder(const char *value, size_t length) {
    lk_text folded = {0};
    for (const char *at = value, *end = value + length; at < end;) {
        uint32_t character = lk_next(&at, end);
        if (character >= 'A' && character <= 'Z') character += 'a' - 'A';
        if (lk_is_alphanumeric(character)) lk_append_character(&folded, character);
    }
    lk_append(&folded, "", 0);
    bool is_one = !folded.failed && is_known(folded.bytes, folded.length);
    lk_text_free(&folded);
    return is_one;
}
