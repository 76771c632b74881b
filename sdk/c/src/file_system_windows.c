/* Files of Windows. */
#ifdef _WIN32
#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#include "file_system.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <windows.h>

/* The path in UTF-16, to be freed. NULL without memory. */
static wchar_t *wide(const char *path) {
    int length = MultiByteToWideChar(CP_UTF8, 0, path, -1, NULL, 0);
    wchar_t *text = length > 0 ? malloc((size_t)length * sizeof *text) : NULL;
    if (text) MultiByteToWideChar(CP_UTF8, 0, path, -1, text, length);
    return text;
}

static lk_file_result failed(lk_text *failure, const char *path, DWORD code) {
    char reason[40];
    if (code == ERROR_FILE_NOT_FOUND || code == ERROR_PATH_NOT_FOUND) return LK_FILE_MISSING;
    if (code == ERROR_FILE_EXISTS || code == ERROR_ALREADY_EXISTS) return LK_FILE_EXISTS;
    snprintf(reason, sizeof reason, ": error %lu of Windows", (unsigned long)code);
    lk_append_text(failure, path);
    lk_append_text(failure, reason);
    return LK_FILE_FAILED;
}

static HANDLE open_file(const char *path, DWORD access, DWORD how) {
    wchar_t *name = wide(path);
    HANDLE file = INVALID_HANDLE_VALUE;
    if (name) {
        file = CreateFileW(name, access, FILE_SHARE_READ | FILE_SHARE_DELETE, NULL, how,
                           FILE_ATTRIBUTE_NORMAL, NULL);
    }
    DWORD code = name ? GetLastError() : ERROR_NOT_ENOUGH_MEMORY;
    free(name);
    SetLastError(code);
    return file;
}

lk_file_result lk_file_read(const char *path, size_t most, lk_text *text, lk_text *failure) {
    HANDLE file = open_file(path, GENERIC_READ, OPEN_EXISTING);
    if (file == INVALID_HANDLE_VALUE) return failed(failure, path, GetLastError());
    char part[4096];
    DWORD count = 0;
    BOOL is_read = TRUE;
    while (text->length < most && (is_read = ReadFile(file, part, sizeof part, &count, NULL)) && count > 0) {
        lk_append(text, part, count);
        if (text->failed) break;
    }
    DWORD code = GetLastError();
    CloseHandle(file);
    return is_read ? LK_FILE_OK : failed(failure, path, code);
}

lk_file_result lk_file_write_new(const char *path, const char *bytes, size_t length, lk_text *failure) {
    HANDLE file = open_file(path, GENERIC_WRITE, CREATE_NEW);
    if (file == INVALID_HANDLE_VALUE) {
        lk_file_result result = failed(failure, path, GetLastError());
        return result == LK_FILE_MISSING ? failed(failure, path, ERROR_BAD_PATHNAME) : result;
    }
    DWORD count = 0;
    BOOL is_written =
        WriteFile(file, bytes, (DWORD)length, &count, NULL) && count == length && FlushFileBuffers(file);
    DWORD code = GetLastError();
    CloseHandle(file);
    if (is_written) return LK_FILE_OK;
    lk_file_remove(path);
    return failed(failure, path, code);
}

lk_file_result lk_file_rename(const char *from, const char *to, lk_text *failure) {
    wchar_t *one = wide(from), *other = wide(to);
    BOOL is_moved =
        one && other && MoveFileExW(one, other, MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH);
    DWORD code = GetLastError();
    free(one);
    free(other);
    return is_moved ? LK_FILE_OK : failed(failure, to, code);
}

void lk_file_remove(const char *path) {
    wchar_t *name = wide(path);
    if (name) DeleteFileW(name);
    free(name);
}

void lk_file_make_folders(const char *path) {
    wchar_t *name = wide(path);
    for (wchar_t *at = name; at && *at; at++) {
        if (*at != L'/' && *at != L'\\') continue;
        wchar_t separator = *at;
        *at = L'\0';
        if (*name) CreateDirectoryW(name, NULL);
        *at = separator;
    }
    free(name);
}

double lk_file_age(const char *path) {
    WIN32_FILE_ATTRIBUTE_DATA found;
    FILETIME now;
    wchar_t *name = wide(path);
    BOOL is_there = name && GetFileAttributesExW(name, GetFileExInfoStandard, &found);
    free(name);
    if (!is_there) return -1;
    GetSystemTimeAsFileTime(&now);
    unsigned long long one = (unsigned long long)now.dwHighDateTime << 32 | now.dwLowDateTime;
    unsigned long long other =
        (unsigned long long)found.ftLastWriteTime.dwHighDateTime << 32 | found.ftLastWriteTime.dwLowDateTime;
    return fabs((double)one - (double)other) / 1e7;
}
#else
typedef int lk_no_files_of_windows;
#endif
