/* JSON (RFC 8259): values in an arena, read with limits, and written. */
#ifndef LK_JSON_H
#define LK_JSON_H

#include "memory.h"

typedef enum lk_kind { LK_NULL, LK_BOOLEAN, LK_NUMBER, LK_STRING, LK_LIST, LK_OBJECT } lk_kind;

typedef struct lk_json {
    lk_kind kind;
    bool boolean;
    double number;
    /* Of a string its characters, of a number how it was written; a string may have zero bytes in it. */
    const char *text;
    size_t length;
    /* Members of a list or object, in their order. */
    struct lk_json *first;
    size_t count;
    /* Of a member of an object. */
    const char *name;
    size_t name_length;
    struct lk_json *next;
} lk_json;

/* Objects and lists in each other; deeper ones are refused. */
enum { LK_MAX_DEPTH = 32 };

/* The value of a text. NULL when it is no JSON, or arena->failed without memory. */
lk_json *lk_json_read(lk_arena *arena, const char *text, size_t length);

/* A member of an object by its name; of names that are there twice the last one counts. NULL: none, or no
 * object. */
const lk_json *lk_member(const lk_json *object, const char *name);
/* A member that is a text; NULL: none, or another type. */
const lk_json *lk_string_member(const lk_json *object, const char *name);
/* The characters of a member that is a text without zero bytes; NULL: none. */
const char *lk_text_member(const lk_json *object, const char *name);
bool lk_is_text(const lk_json *value, const char *text);
/* Whether it is a whole number from 0 to 2^53 - 1; 1.0 is one. */
bool lk_is_whole(const lk_json *value);
/* A number that lk_is_whole() accepts; `otherwise` for every other value. */
int64_t lk_whole(const lk_json *value, int64_t otherwise);

/* Writes a value. */
void lk_write_json(lk_text *out, const lk_json *value);
/* Writes a text with quotes. Bytes that are not UTF-8 become U+FFFD. */
void lk_write_string(lk_text *out, const char *text, size_t length);
void lk_write_number(lk_text *out, double number);

/* Members of an object that is being written: a comma before all but the first, and the name. NULL writes
 * null. */
void lk_put_name(lk_text *out, const char *name);
void lk_put_text(lk_text *out, const char *name, const char *text);
void lk_put_whole(lk_text *out, const char *name, int64_t number);
void lk_put_number(lk_text *out, const char *name, double number);
void lk_put_boolean(lk_text *out, const char *name, bool value);
void lk_put_json(lk_text *out, const char *name, const lk_json *value);

#endif
