/* License files and status lists as they arrive: one that is not the vendor's, or not for this device,
 * replaces no good one. */
#ifndef LK_NEW_FILE_H
#define LK_NEW_FILE_H

#include "client.h"

typedef struct lk_new_file {
    const char *text;
    /* NULL: none was given; it becomes that of the record where `has_key` says so. */
    const char *license_key;
    bool has_key;
    lk_finding finding;
} lk_new_file;

/* Checks a file; the clock does not matter. Without memory arena->failed says so. */
lk_finding lk_check_new_file(latchkey_client *client, lk_arena *arena, const char *text,
                             const char *license_key);
/* Whether a file that was found so is taken. */
bool lk_is_taken(const lk_finding *finding);
/* A change of the record: the file with its seq and iat. The context is a lk_new_file. */
bool lk_put_file(lk_record *record, void *context);
/* The address of the status list of the record's file; NULL: there is no file that can be read. */
const char *lk_list_address(latchkey_client *client, lk_arena *arena, const lk_record *record);
/* Keeps a status list, unless a later one was seen. A reason for one that is not the vendor's. */
lk_reason lk_keep_list(latchkey_client *client, lk_arena *arena, const char *jws, size_t length);

#endif
