/* What firmware and virtual machines say where a serial number was left out. It identifies no machine. */
#include <string.h>

#include "device.h"

/* Folded: in lower case, without what is in ASCII no letter or digit. */
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
    "uninitialized",
};

/* Whether it is one character, so many times or more. */
static bool is_repeated(const char *text, size_t length, char character, size_t times) {
    if (length < times) return false;
    for (size_t at = 0; at < length; at++) {
        if (text[at] != character) return false;
    }
    return true;
}

/* Zeros, and then digits in their order: "0123456789", "123456789", "23456789" of a number that was counted
 * up. */
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
    bool is_ascii = (unsigned char)folded[0] < 0x80;
    return is_repeated(folded, length, 'f', 4) || is_repeated(folded, length, 'x', 3) ||
           (is_ascii && is_repeated(folded, length, folded[0], 8)) || is_counted(folded);
}

bool lk_is_placeholder(const char *value, size_t length) {
    lk_text folded = {0};
    for (size_t at = 0; at < length; at++) {
        char character = value[at];
        if (character >= 'A' && character <= 'Z') character = (char)(character - 'A' + 'a');
        bool is_kept = (unsigned char)character >= 0x80 || (character >= '0' && character <= '9') ||
                       (character >= 'a' && character <= 'z');
        /* Other characters than those of ASCII stay as they are, so that no tables of Unicode are needed. */
        if (is_kept) lk_append_char(&folded, character);
    }
    lk_append(&folded, "", 0);
    bool is_one = !folded.failed && is_known(folded.bytes, folded.length);
    lk_text_free(&folded);
    return is_one;
}
