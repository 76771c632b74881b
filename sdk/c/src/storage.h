/* Where the library keeps its record: callbacks of the app, a file, or memory alone. */
#ifndef LK_STORAGE_H
#define LK_STORAGE_H

#include "../include/latchkey.h"
#include "memory.h"

struct latchkey_buffer {
    lk_text text;
    bool is_set;
};

typedef struct lk_storage {
    latchkey_storage_read read;
    latchkey_storage_write write;
    latchkey_storage_lock lock;
    latchkey_storage_unlock unlock;
    void *context;
} lk_storage;

/* A storage in a file; the context is its path, which has to live as long as the storage. */
lk_storage lk_file_storage(const char *path);

#endif
