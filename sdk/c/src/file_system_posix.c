/* Files of Linux, macOS and other systems with POSIX. */
#ifndef _WIN32
#define _POSIX_C_SOURCE 200809L
#include "file_system.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static lk_file_result failed(lk_text *failure, const char *path, int code) {
    char reason[200] = "";
    if (code == ENOENT) return LK_FILE_MISSING;
    if (code == EEXIST) return LK_FILE_EXISTS;
    if (strerror_r(code, reason, sizeof reason) != 0) snprintf(reason, sizeof reason, "error %d", code);
    lk_append_text(failure, path);
    lk_append_text(failure, ": ");
    lk_append_text(failure, reason);
    return LK_FILE_FAILED;
}

lk_file_result lk_file_read(const char *path, size_t most, lk_text *text, lk_text *failure) {
    /* Without blocking: the path may be that of a pipe. */
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) return failed(failure, path, errno);
    char part[4096];
    while (text->length < most) {
        ssize_t count = read(file, part, sizeof part);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) {
            int code = errno;
            close(file);
            return failed(failure, path, code);
        }
        if (count == 0) break;
        lk_append(text, part, (size_t)count);
        if (text->failed) break;
    }
    close(file);
    return LK_FILE_OK;
}

static int write_all(int file, const char *bytes, size_t length) {
    while (length > 0) {
        ssize_t count = write(file, bytes, length);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return count < 0 ? errno : EIO;
        bytes += count;
        length -= (size_t)count;
    }
    /* A file system that cannot wait for its disk is not asked again. */
    return fsync(file) != 0 && errno != EINVAL && errno != ENOTSUP ? errno : 0;
}

lk_file_result lk_file_write_new(const char *path, const char *bytes, size_t length, lk_text *failure) {
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0 && errno == ENOENT) {
        lk_append_text(failure, path);
        lk_append_text(failure, ": its folder is not there");
        return LK_FILE_FAILED;
    }
    if (file < 0) return failed(failure, path, errno);
    int code = write_all(file, bytes, length);
    if (close(file) != 0 && code == 0) code = errno;
    if (code == 0) return LK_FILE_OK;
    unlink(path);
    return failed(failure, path, code);
}

lk_file_result lk_file_rename(const char *from, const char *to, lk_text *failure) {
    return rename(from, to) == 0 ? LK_FILE_OK : failed(failure, to, errno);
}

void lk_file_remove(const char *path) {
    unlink(path);
}

void lk_file_make_folders(const char *path) {
    char *copy = lk_duplicate(path);
    for (char *at = copy; at && (at = strchr(at + (*at != '\0'), '/'));) {
        *at = '\0';
        if (*copy) mkdir(copy, 0700);
        *at = '/';
    }
    free(copy);
}

double lk_file_age(const char *path) {
    struct stat found;
    if (stat(path, &found) != 0) return -1;
    return fabs(difftime(time(NULL), found.st_mtime));
}
#else
typedef int lk_no_files_of_posix;
#endif
