/* The file of the license: cut, removed, locked, on a full disk, in a folder that cannot be written to. */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "../src/kept_record.h"
#include "check.h"

static char folder[64];
static char path[128];
static char previous[160];

static bool put_key(lk_record *record, void *context) {
    record->license_key = lk_copy(&record->arena, context);
    return true;
}

/* Counts, so that a lost change is noticed. */
static bool count_one(lk_record *record, void *context) {
    (void)context;
    return lk_count_up(&record->arena, &record->seq, "1", lk_counted(record->seq, "1") + 1, NULL);
}

static char *key_of(const char *at) {
    lk_kept kept;
    EXPECT(lk_kept_init(&kept, lk_file_storage(at)));
    lk_record *record = lk_kept_read(&kept);
    char *key = record ? lk_duplicate(record->license_key) : NULL;
    lk_record_free(record);
    lk_kept_destroy(&kept);
    return key;
}

static void expect_key(const char *at, const char *expected) {
    char *found = key_of(at);
    EXPECT_TEXT(found, expected);
    free(found);
}

static void write_text(const char *to, const char *text) {
    FILE *file = fopen(to, "wb");
    if (!EXPECT(file != NULL)) return;
    fputs(text, file);
    fclose(file);
}

static void keeps_and_falls_back(void) {
    lk_kept kept;
    struct stat found;
    EXPECT(lk_kept_init(&kept, lk_file_storage(path)));
    EXPECT(lk_kept_change(&kept, put_key, "one"));
    EXPECT(lk_kept_change(&kept, put_key, "two"));
    EXPECT(kept.error == NULL);
    EXPECT(stat(path, &found) == 0 && (found.st_mode & 0777) == 0600);
    lk_kept_destroy(&kept);
    expect_key(path, "two");
    EXPECT(truncate(path, 20) == 0);
    expect_key(path, "one");
    write_text(path, "null");
    expect_key(path, NULL);
    EXPECT(unlink(path) == 0);
    expect_key(path, "one");
    write_text(previous, "{");
    expect_key(path, NULL);
}

/* What was seen is not forgotten while the app runs, even if the file is put back. */
static void remembers_what_was_seen(void) {
    lk_kept kept;
    EXPECT(lk_kept_init(&kept, lk_file_storage(path)));
    EXPECT(lk_kept_change(&kept, count_one, NULL));
    EXPECT(lk_kept_change(&kept, count_one, NULL));
    write_text(path,
               "{\"format\":1,\"license_key\":\"old\",\"trusted\":-5,\"seq\":{\"1\":1,\"2\":7,\"3\":\"x\"}}");
    lk_record *record = lk_kept_read(&kept);
    EXPECT(record && lk_counted(record->seq, "1") == 2 && lk_counted(record->seq, "2") == 7);
    EXPECT(record && lk_counted(record->seq, "3") == 0 && record->trusted == 0);
    EXPECT_TEXT(record ? record->license_key : NULL, "old");
    lk_record_free(record);
    lk_kept_destroy(&kept);
}

static void is_held_in_memory(const char *at) {
    lk_kept kept;
    EXPECT(lk_kept_init(&kept, lk_file_storage(at)));
    EXPECT(lk_kept_change(&kept, put_key, "held"));
    EXPECT(kept.error != NULL && strlen(kept.error) > 0);
    lk_record *record = lk_kept_read(&kept);
    EXPECT_TEXT(record ? record->license_key : NULL, "held");
    lk_record_free(record);
    lk_kept_destroy(&kept);
}

static void *count_up(void *context) {
    lk_kept kept;
    (void)context;
    EXPECT(lk_kept_init(&kept, lk_file_storage(path)));
    for (int time = 0; time < 10; time++) EXPECT(lk_kept_change(&kept, count_one, NULL));
    lk_kept_destroy(&kept);
    return NULL;
}

static void loses_nothing_of_others(void) {
    pthread_t threads[4];
    unlink(path);
    unlink(previous);
    for (int index = 0; index < 4; index++) pthread_create(&threads[index], NULL, count_up, NULL);
    for (int index = 0; index < 4; index++) pthread_join(threads[index], NULL);
    lk_kept kept;
    EXPECT(lk_kept_init(&kept, lk_file_storage(path)));
    lk_record *record = lk_kept_read(&kept);
    EXPECT(record && lk_counted(record->seq, "1") == 40);
    lk_record_free(record);
    lk_kept_destroy(&kept);
}

static void breaks_the_lock_of_a_process_that_ended(void) {
    char lock[160];
    snprintf(lock, sizeof lock, "%s.lock", path);
    write_text(lock, "");
    struct timespec times[2] = {{.tv_sec = 1}, {.tv_sec = 1}};
    EXPECT(utimensat(AT_FDCWD, lock, times, 0) == 0);
    lk_kept kept;
    EXPECT(lk_kept_init(&kept, lk_file_storage(path)));
    EXPECT(lk_kept_change(&kept, put_key, "after"));
    EXPECT(kept.error == NULL);
    EXPECT(access(lock, F_OK) != 0);
    lk_kept_destroy(&kept);
}

int main(void) {
    char command[200];
    snprintf(folder, sizeof folder, "/tmp/latchkey-test-%ld", (long)getpid());
    snprintf(path, sizeof path, "%s/app/settings/license.json", folder);
    snprintf(previous, sizeof previous, "%s.previous", path);
    keeps_and_falls_back();
    remembers_what_was_seen();
    is_held_in_memory("/proc/latchkey/license.json");
    is_held_in_memory("/dev/full/license.json");
    loses_nothing_of_others();
    breaks_the_lock_of_a_process_that_ended();
    snprintf(command, sizeof command, "rm -r '%s'", folder);
    EXPECT(system(command) == 0);
    return failures();
}
