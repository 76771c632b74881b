/* Fuzz target of all that reads what others write: the first byte chooses the parser, the rest is its text.
 */
#include <stdlib.h>
#include <string.h>

#include "../src/license_file.h"
#include "../src/license_key.h"
#include "../src/record.h"
#include "../src/retry.h"
#include "../src/dates.h"
#include "../src/signed_validation.h"
#include "../src/version.h"
#include <latchkey/vectors.h>

static const latchkey_public_key key = {"UDDReOZl1ipXAfp9wYsm13sDBMK5og--QWdBjzuf6o4",
                                        "iojj3XQJ8ZX9UtstPLpdcspnCb8dlBIb83SIAbQPb1w"};
static const lk_keys keys = {&key, 1};

static void check_file(lk_arena *arena, const char *text, size_t length) {
    latchkey_pair components[] = {{"board", "b-71"}, {"disk", "d-82"}};
    latchkey_device device = {{NULL, false}, "9f86d081884c7d65", components, 2};
    lk_part list = {text, length};
    lk_file_check check = {
        .file = text,
        .length = length,
        .keys = keys,
        .app = {"painter", "2.1.0", "2026-02-15"},
        .device = &device,
        .license_key = "TEST-TEST-TEST-TEST",
        .now = 1772452800,
        .lists = &list,
        .list_count = 1,
    };
    lk_sentence_of(lk_check_file(arena, &check).reason, LATCHKEY_STATE_INVALID);
}

/* Claims are read before their signature is verified nowhere: here they are, so that their checks are tried
 * as well. */
static void check_claims(lk_arena *arena, const char *text, size_t length) {
    const lk_json *claims = lk_json_read(arena, text, length);
    latchkey_pair components[] = {{"board", "b-71"}};
    latchkey_device device = {{NULL, false}, "9f86d081884c7d65", components, 1};
    if (!claims || claims->kind != LK_OBJECT || !lk_are_file_claims(arena, claims)) return;
    lk_is_device(arena, lk_member(claims, "machine"), &device);
    lk_removal_code(arena, lk_whole(lk_member(claims, "activation"), 0),
                    lk_whole(lk_member(claims, "seq"), 0), lk_text_member(claims, "removal"));
}

static void check_record(const char *text, size_t length) {
    lk_record *record = lk_record_read(text, length);
    char *written = record ? lk_record_write(record) : NULL;
    /* What was written is read again as it is. */
    lk_record *again = written ? lk_record_read(written, strlen(written)) : NULL;
    char *same = again ? lk_record_write(again) : NULL;
    if (!same || strlen(same) != strlen(written)) abort();
    free(same);
    free(written);
    lk_record_free(again);
    lk_record_free(record);
}

static void check_json(lk_arena *arena, const char *text, size_t length) {
    lk_text out = {0};
    const lk_json *value = lk_json_read(arena, text, length);
    if (value) {
        lk_write_json(&out, value);
        if (!out.failed && !lk_json_read(arena, out.bytes, out.length)) abort();
    }
    lk_text_free(&out);
}

static void check_texts(lk_arena *arena, const char *text, size_t length) {
    lk_typed_key typed;
    char *copy = lk_copy_bytes(arena, text, length);
    if (!copy) return;
    if (lk_read_key(arena, copy, &typed)) lk_key_to_send(arena, typed.text);
    lk_read_retry_after(copy, 1772452800);
    lk_read_date(copy);
    lk_is_placeholder(copy, strlen(copy));
    lk_is_in_range(arena, "2.1.0", copy);
    lk_is_in_range(arena, copy, ">=1.0.0 <3.0.0-beta || ^4");
    lk_is_in_range(arena, copy, copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const kinds[] = {"file",  "validation",   "license_key",
                                        "retry", "removal_code", "device"};
    lk_arena arena = {0};
    const lk_json *claims;
    lk_status_list list;
    if (size == 0) return 0;
    const char *text = (const char *)data + 1;
    size_t length = size - 1;
    lk_sent sent = {NULL, "TEST-TEST-TEST-TEST", "9f86d081884c7d65", "painter"};
    char *result = NULL;
    switch (*data % 8) {
    case 0:
        check_json(&arena, text, length);
        break;
    case 1:
        check_file(&arena, text, length);
        break;
    case 2:
        check_claims(&arena, text, length);
        break;
    case 3:
        lk_read_validation(&arena, text, length, &sent, &keys, &claims);
        break;
    case 4:
        lk_read_status_list(&arena, text, length, &keys, &list);
        break;
    case 5:
        check_record(text, length);
        break;
    case 6:
        check_texts(&arena, text, length);
        break;
    default:
        if (length > 0) {
            char *copy = lk_copy_bytes(&arena, text + 1, length - 1);
            latchkey_check_vector(kinds[(unsigned char)text[0] % 6], copy, &result, NULL);
            latchkey_free(result);
        }
    }
    lk_arena_free(&arena);
    return 0;
}
