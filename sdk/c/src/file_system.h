/* Files of the system; paths are UTF-8. */
#ifndef LK_FILE_SYSTEM_H
#define LK_FILE_SYSTEM_H

#include "memory.h"

typedef enum lk_file_result { LK_FILE_OK, LK_FILE_MISSING, LK_FILE_EXISTS, LK_FILE_FAILED } lk_file_result;

/* Reads a whole file of at most so many bytes; of a longer one a part. `failure` takes the reason of
 * LK_FILE_FAILED. */
lk_file_result lk_file_read(const char *path, size_t most, lk_text *text, lk_text *failure);
/* Writes a file that does not exist yet, which only its user may read, and waits until the disk has it. */
lk_file_result lk_file_write_new(const char *path, const char *bytes, size_t length, lk_text *failure);
/* Renames a file; one of the new name is replaced. */
lk_file_result lk_file_rename(const char *from, const char *to, lk_text *failure);
void lk_file_remove(const char *path);
/* Makes the folders in which a file is to be. */
void lk_file_make_folders(const char *path);
/* Seconds since a file was written; negative when it is not there. */
double lk_file_age(const char *path);

#endif
