/* What the library keeps between runs. All of it that decides is signed, so that an edited record is worth
 * nothing. */
#ifndef LK_RECORD_H
#define LK_RECORD_H

#include "counts.h"

/* The same in all languages of the library, so that programs in two of them may share it. */
typedef struct lk_record {
    lk_arena arena;
    /* As it is sent to the server; NULL: not activated. */
    const char *license_key;
    /* The license file. */
    const char *file;
    /* The last signed validation. */
    const char *validation;
    /* The code by which the server refused the license. */
    const char *refusal;
    /* The latest trusted time; seconds since 1970. */
    int64_t trusted;
    /* The greatest seq by activation. */
    lk_count *seq;
    /* The latest iat by address of a status list. */
    lk_count *lists;
    /* By activation what was given back. */
    lk_count *removed;
    /* The latest status list of the file. */
    const char *list;
} lk_record;

/* A longer text is no record; bytes. */
enum { LK_MAX_RECORD = 1048576 };

/* NULL without memory, as all functions here that return a record or text. */
lk_record *lk_record_new(void);
lk_record *lk_record_copy(const lk_record *record);
/* Reads a record. What is damaged counts as not there. */
lk_record *lk_record_read(const char *text, size_t length);
/* The text of a record, to be freed. */
char *lk_record_write(const lk_record *record);
/* Adds what another record has seen: its trusted time, and greater numbers. */
void lk_record_see(lk_record *record, const lk_record *other);
/* Forgets the license; what was seen stays. */
void lk_record_forget(lk_record *record);
void lk_record_free(lk_record *record);

/* Whether a text is JSON, and not one that was cut. */
bool lk_is_whole_json(const char *text, size_t length);

#endif
