/* The library comes to the result of each vector. The argument is the folder of the vectors. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../include/latchkey/vectors.h"
#include "../src/json.h"
#include "check.h"

static bool is_same(const lk_json *one, const lk_json *other) {
    if (!one || !other || one->kind != other->kind || one->count != other->count) return false;
    if (one->kind == LK_BOOLEAN) return one->boolean == other->boolean;
    if (one->kind == LK_NUMBER) return fabs(one->number - other->number) < 1e-9;
    if (one->kind == LK_STRING)
        return one->length == other->length && memcmp(one->text, other->text, one->length) == 0;
    const lk_json *b = other->first;
    for (const lk_json *a = one->first; a; a = a->next) {
        if (!is_same(a, one->kind == LK_OBJECT ? lk_member(other, a->name) : b)) return false;
        if (one->kind == LK_LIST) b = b->next;
    }
    return true;
}

static void check_case(const char *kind, const lk_json *vector) {
    lk_arena arena = {0};
    lk_text given = {0}, wanted = {0};
    char *result = NULL;
    lk_write_json(&given, lk_member(vector, "given"));
    lk_write_json(&wanted, lk_member(vector, "expected"));
    EXPECT(latchkey_check_vector(kind, given.bytes, &result, NULL) == LATCHKEY_OK);
    const lk_json *found = result ? lk_json_read(&arena, result, strlen(result)) : NULL;
    if (!is_same(found, lk_member(vector, "expected"))) {
        fprintf(stderr, "%s, %s: ", kind, lk_text_member(vector, "name"));
        EXPECT_TEXT(result, wanted.bytes);
    }
    latchkey_free(result);
    lk_text_free(&given);
    lk_text_free(&wanted);
    lk_arena_free(&arena);
}

static size_t check_vectors(const char *folder, const char *name, const char *kind) {
    char path[1024];
    size_t length = 0, count = 0;
    lk_arena arena = {0};
    snprintf(path, sizeof path, "%s/%s.json", folder, name);
    char *text = read_all(path, &length);
    if (EXPECT(text != NULL)) {
        const lk_json *cases = lk_member(lk_json_read(&arena, text, length), "cases");
        EXPECT(cases != NULL && cases->count > 0);
        for (const lk_json *one = cases ? cases->first : NULL; one; one = one->next, count++)
            check_case(kind, one);
    }
    free(text);
    lk_arena_free(&arena);
    return count;
}

int main(int count, char **arguments) {
    static const char *const files[][2] = {
        {"file_claims", "file"},
        {"file_devices", "file"},
        {"file_encryption", "file"},
        {"file_headers", "file"},
        {"file_json", "file"},
        {"file_lists", "file"},
        {"file_removals", "file"},
        {"file_revocation", "file"},
        {"file_signatures", "file"},
        {"file_terms", "file"},
        {"file_texts", "file"},
        {"file_times", "file"},
        {"validations", "validation"},
        {"devices", "device"},
        {"removal_codes", "removal_code"},
        {"license_keys", "license_key"},
        {"versions", "version"},
        {"offline_requests", "offline_request"},
        {"retries", "retry"},
    };
    size_t checked = 0;
    if (count != 2) return 2;
    for (size_t index = 0; index < sizeof files / sizeof files[0]; index++) {
        checked += check_vectors(arguments[1], files[index][0], files[index][1]);
    }
    printf("%zu vectors\n", checked);
    return failures();
}
