/* The status of a license: its state by what is kept on the device, without a network. */
#ifndef LK_STATUS_H
#define LK_STATUS_H

#include "options.h"
#include "record.h"
#include "states.h"

struct latchkey_status {
    lk_arena arena;
    latchkey_state state;
    const char *reason;
    const char *code;
    /* An object; NULL while the license may not be used. */
    const lk_json *entitlements;
    int64_t max_users;
    const char *license_ends;
    const char *grace_ends;
    int64_t file_ends;
    int64_t checked_at;
    /* Claims of the license file. */
    const lk_json *file;
    const char *file_json;
    latchkey_error *error;
    const char *storage_error;
    const char *json;
};

/* Sets the state by a record, and all that follows from it. now: seconds since 1970. */
void lk_local_state(latchkey_status *status, const lk_record *record, const lk_options *options, double now);
/* Makes the texts of a status that is complete. False without memory. */
bool lk_finish_status(latchkey_status *status);

#endif
