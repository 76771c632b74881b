/* Expectations of tests. */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int failed;

bool expect(bool condition, const char *text, const char *file, int line) {
    if (condition) return true;
    failed++;
    fprintf(stderr, "%s:%d: %s\n", file, line, text);
    return false;
}

bool expect_text(const char *found, const char *expected, const char *file, int line) {
    bool is_same = found && expected ? strcmp(found, expected) == 0 : found == expected;
    if (is_same) return true;
    failed++;
    fprintf(stderr, "%s:%d: found %s, expected %s\n", file, line, found ? found : "nothing",
            expected ? expected : "nothing");
    return false;
}

int failures(void) {
    return failed > 0 ? 1 : 0;
}

char *read_all(const char *path, size_t *length) {
    FILE *file = fopen(path, "rb");
    if (!file) return NULL;
    char *bytes = NULL;
    size_t capacity = 0;
    *length = 0;
    do {
        capacity = capacity * 2 + 65536;
        bytes = realloc(bytes, capacity + 1);
        *length += fread(bytes + *length, 1, capacity - *length, file);
    } while (*length == capacity);
    bytes[*length] = '\0';
    fclose(file);
    return bytes;
}
