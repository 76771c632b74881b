/* Status lists (IETF draft-ietf-oauth-status-list): a bit for each license file, set while the file is
 * revoked. */
#ifndef LK_STATUS_LIST_H
#define LK_STATUS_LIST_H

#include "jws.h"

/* A verified list. Times are seconds since 1970. */
typedef struct lk_status_list {
    /* Its address, by which files name it. */
    const lk_json *uri;
    int64_t issued_at;
    int64_t expires_at;
    const unsigned char *bits;
    size_t length;
} lk_status_list;

/* Reads a list; blanks around it are ignored. */
lk_reason lk_read_status_list(lk_arena *arena, const char *jws, size_t length, const lk_keys *keys,
                              lk_status_list *list);
/* Whether the index of a file is set. One beyond the list is not. */
bool lk_is_set(const lk_status_list *list, int64_t index);

#endif
