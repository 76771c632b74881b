/* Numbers by names. */
#include "counts.h"

#include <string.h>

static lk_count *find(lk_count *counts, const char *name) {
    while (counts && strcmp(counts->name, name) != 0) counts = counts->next;
    return counts;
}

int64_t lk_counted(const lk_count *counts, const char *name) {
    for (; counts; counts = counts->next) {
        if (strcmp(counts->name, name) == 0) return counts->value;
    }
    return 0;
}

bool lk_count_up(lk_arena *arena, lk_count **counts, const char *name, int64_t value, const char *code) {
    lk_count *count = find(*counts, name);
    if (count && count->value >= value) return false;
    if (!count) {
        count = lk_alloc(arena, sizeof *count);
        if (!count) return false;
        count->name = lk_copy(arena, name);
        if (!count->name) return false;
        count->next = *counts;
        *counts = count;
    }
    count->value = value;
    count->code = lk_copy(arena, code);
    return true;
}

void lk_read_counts(lk_arena *arena, const lk_json *object, lk_count **counts) {
    if (!object || object->kind != LK_OBJECT) return;
    for (const lk_json *member = object->first; member; member = member->next) {
        if (lk_is_whole(member)) lk_count_up(arena, counts, member->name, (int64_t)member->number, NULL);
    }
}

void lk_read_removed(lk_arena *arena, const lk_json *object, lk_count **counts) {
    if (!object || object->kind != LK_OBJECT) return;
    for (const lk_json *member = object->first; member; member = member->next) {
        const lk_json *seq = lk_member(member, "seq");
        if (lk_is_whole(seq)) {
            lk_count_up(arena, counts, member->name, (int64_t)seq->number, lk_text_member(member, "code"));
        }
    }
}
