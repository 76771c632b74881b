/* What tests share: expectations that are counted, and files that are read. */
#ifndef CHECK_H
#define CHECK_H

#include <stdbool.h>
#include <stddef.h>

/* Counts a failure, and says where it is, unless the condition holds. */
#define EXPECT(condition) expect((condition), #condition, __FILE__, __LINE__)
#define EXPECT_TEXT(found, expected) expect_text((found), (expected), __FILE__, __LINE__)

bool expect(bool condition, const char *text, const char *file, int line);
bool expect_text(const char *found, const char *expected, const char *file, int line);
/* The exit code: 0 when nothing failed. */
int failures(void);
/* The bytes of a file, with a zero byte behind them, to be freed. NULL when there is none. */
char *read_all(const char *path, size_t *length);

#endif
