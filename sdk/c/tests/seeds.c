/* Writes seeds of the fuzz target from the vectors: seeds FOLDER-OF-VECTORS FOLDER-OF-SEEDS. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../src/json.h"
#include "check.h"

static int number;

static void write_seed(const char *folder, char parser, const char *text, size_t length) {
    char path[1024];
    snprintf(path, sizeof path, "%s/%d", folder, number++);
    FILE *file = fopen(path, "wb");
    if (!EXPECT(file != NULL)) return;
    fputc(parser, file);
    fwrite(text, 1, length, file);
    fclose(file);
}

static void write_case(const char *folder, const lk_json *given) {
    const lk_json *file = lk_string_member(given, "file"), *signature = lk_string_member(given, "signature");
    const lk_json *lists = lk_member(given, "lists");
    lk_text json = {0};
    lk_write_json(&json, given);
    if (json.length < 2000) write_seed(folder, 0, json.bytes, json.length);
    if (file) write_seed(folder, 1, file->text, file->length);
    if (signature) write_seed(folder, 3, signature->text, signature->length);
    if (lists && lists->first && lists->first->kind == LK_STRING) {
        write_seed(folder, 4, lists->first->text, lists->first->length);
    }
    if (given->kind == LK_STRING) write_seed(folder, 6, given->text, given->length);
    lk_text_free(&json);
}

int main(int count, char **arguments) {
    static const char *const names[] = {"file_json",     "file_signatures", "file_lists", "file_encryption",
                                        "validations",   "license_keys",    "versions",   "file_claims",
                                        "removal_codes", "devices"};
    static const char record[] =
        "{\"format\":1,\"license_key\":\"k\",\"file\":null,\"validation\":\"a.b.c\",\"trusted\":7,"
        "\"seq\":{\"1\":2},\"lists\":{\"u\":3},\"removed\":{\"1\":{\"seq\":2,\"code\":\"C\"}}}";
    if (count != 3) return 2;
    for (size_t index = 0; index < sizeof names / sizeof names[0]; index++) {
        char path[1024];
        size_t length = 0;
        lk_arena arena = {0};
        snprintf(path, sizeof path, "%s/%s.json", arguments[1], names[index]);
        char *text = read_all(path, &length);
        const lk_json *cases = text ? lk_member(lk_json_read(&arena, text, length), "cases") : NULL;
        EXPECT(cases != NULL);
        for (const lk_json *one = cases ? cases->first : NULL; one; one = one->next) {
            write_case(arguments[2], lk_member(one, "given"));
        }
        free(text);
        lk_arena_free(&arena);
    }
    write_seed(arguments[2], 5, record, sizeof record - 1);
    return failures();
}
