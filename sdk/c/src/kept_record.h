/* The record of the license in its storage: changed step by step, and held in memory where nothing can be
 * kept. */
#ifndef LK_KEPT_RECORD_H
#define LK_KEPT_RECORD_H

#include "platform.h"
#include "record.h"
#include "storage.h"

typedef struct lk_kept {
    lk_mutex mutex;
    lk_storage storage;
    lk_record *record;
    /* Why the last change is in memory alone: a full disk, a folder that cannot be written to; NULL: it was
     * kept. */
    char *error;
} lk_kept;

/* Changes a record in its arena. @return whether it did */
typedef bool (*lk_change)(lk_record *record, void *context);

bool lk_kept_init(lk_kept *kept, lk_storage storage);
void lk_kept_destroy(lk_kept *kept);
/* A copy of the record, with what another process has written. NULL without memory. */
lk_record *lk_kept_read(lk_kept *kept);
/* Changes the record. It never fails because of the storage; false without memory. */
bool lk_kept_change(lk_kept *kept, lk_change change, void *context);
/* A copy of the error. NULL: none. */
const char *lk_kept_error(lk_kept *kept, lk_arena *arena);

#endif
