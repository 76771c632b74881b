/* JSON: what is read and refused, and what is written. */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../src/json.h"
#include "check.h"

static char *round_trip(const char *text, size_t length) {
    lk_arena arena = {0};
    lk_text out = {0};
    const lk_json *value = lk_json_read(&arena, text, length);
    if (value) lk_write_json(&out, value);
    lk_arena_free(&arena);
    return value ? lk_take(&out) : NULL;
}

static void expect_written(const char *text, const char *written) {
    char *found = round_trip(text, strlen(text));
    EXPECT_TEXT(found, written);
    free(found);
}

static void values(void) {
    expect_written(" {\"a\" : [1, 2.50, -0, 1e3, true, false, null, \"x\"] } ",
                   "{\"a\":[1,2.50,-0,1e3,true,false,null,\"x\"]}");
    expect_written("\"\\u00e4\\ud83d\\udda5\\/\\b\\f\\n\\r\\t\\\\\\\"\\u0000\"",
                   "\"ä🖥/\\b\\f\\n\\r\\t\\\\\\\"\\u0000\"");
    expect_written("\"\\ud800x\\udc00\\ud800\\ud800\"",
                   "\"\xef\xbf\xbdx\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
    expect_written("{\"a\":1,\"b\":2,\"a\":3}", "{\"b\":2,\"a\":3}");
    expect_written("{\"a\":1,\"a\":2,\"a\":3,\"\":4,\"\":5}", "{\"a\":3,\"\":5}");
}

static void refused(void) {
    static const char *const texts[] = {
        "",
        "{",
        "[1,]",
        "{\"a\":1,}",
        "{\"a\" 1}",
        "{a:1}",
        "'a'",
        "01",
        "1.",
        ".5",
        "+1",
        "1e",
        "-",
        "NaN",
        "Infinity",
        "tru",
        "\"a",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\t\"",
        "1 2",
        "\"\xff\"",
        "\"\xc0\x80\"",
        "\xef\xbb\xbf{}",
        "[1 2]",
        "\"\\",
        "{\"a\"}",
        "]",
        "\"\\ud800\\u\"",
        "\"\xed\xa0\x80\"",
    };
    for (size_t index = 0; index < sizeof texts / sizeof texts[0]; index++)
        expect_written(texts[index], NULL);
    EXPECT(round_trip("\"\0\"", 3) == NULL);
    EXPECT(round_trip("1\0", 2) == NULL);
}

static void depth(void) {
    char deep[20001];
    for (int count = 31; count <= 33; count++) {
        memset(deep, '[', (size_t)count);
        memset(deep + count, ']', (size_t)count);
        char *found = round_trip(deep, (size_t)count * 2);
        EXPECT((found != NULL) == (count <= 32));
        free(found);
    }
    memset(deep, '[', 20000);
    EXPECT(round_trip(deep, 20000) == NULL);
}

/* The decimal point is that of JSON, whatever the program's locale is. */
static void numbers(void) {
    lk_arena arena = {0};
    lk_text out = {0};
    if (!setlocale(LC_ALL, "de_DE.UTF-8")) setlocale(LC_ALL, "C.UTF-8");
    const lk_json *value = lk_json_read(&arena, "[0.5,1e999,9007199254740991,9007199254740992,1.0]", 49);
    EXPECT(value != NULL && value->first->number == 0.5);
    const lk_json *large = value ? value->first->next->next : NULL;
    EXPECT(lk_is_whole(large) && !lk_is_whole(large->next) && lk_is_whole(large->next->next));
    EXPECT(!lk_is_whole(value->first));
    lk_write_number(&out, 0.1);
    lk_write_number(&out, -5);
    EXPECT_TEXT(out.bytes, "0.1-5");
    lk_text_free(&out);
    lk_arena_free(&arena);
    setlocale(LC_ALL, "C");
}

/* Many equal and many different names take no quadratic time. */
static void many_names(void) {
    lk_text text = {0};
    char name[40];
    lk_append_char(&text, '{');
    for (int index = 0; index < 200000; index++) {
        snprintf(name, sizeof name, "%s\"%d\":%d", index > 0 ? "," : "", index % 3 ? 0 : index, index);
        lk_append_text(&text, name);
    }
    lk_append_char(&text, '}');
    char *found = round_trip(text.bytes, text.length);
    EXPECT(found != NULL);
    free(found);
    lk_text_free(&text);
}

int main(void) {
    values();
    refused();
    depth();
    numbers();
    many_names();
    return failures();
}
