/* The states, what each means, and those of the server's codes. */
#include "states.h"

#include <stddef.h>
#include <string.h>

static const char *const states[][2] = {
    {"valid", "The license may be used."},
    {"grace",
     "The license has expired and may be used until its grace period ends. Ask the user to renew it."},
    {"offline_grace",
     "The license may be used, but the server was not reached for a while. Ask for a connection."},
    {"expired", "The license, its license file or the time without a connection has ended."},
    {"disabled", "The vendor has disabled the license, or its first day has not come."},
    {"not_activated", "There is no license on this device yet. Ask for a license key."},
    {"limit_reached", "The license is used on as many devices as it allows. Deactivate another device."},
    {"revoked", "The vendor has revoked the license file of this device."},
    {"wrong_machine", "The license file is for another device."},
    {"version_not_entitled", "The license does not include this version of the app."},
    {"clock_tampered", "The clock was set back. Correct the time of the device."},
    {"invalid", "There is no such license key, or the license file is damaged or not the vendor's."},
};

static const struct {
    const char *code;
    latchkey_state state;
} codes[] = {
    {"VALID", LATCHKEY_STATE_VALID},
    {"GRACE_PERIOD", LATCHKEY_STATE_GRACE},
    {"LICENSE_INACTIVE", LATCHKEY_STATE_DISABLED},
    {"LICENSE_NOT_YET_VALID", LATCHKEY_STATE_DISABLED},
    {"LICENSE_EXPIRED", LATCHKEY_STATE_EXPIRED},
    {"VERSION_NOT_ENTITLED", LATCHKEY_STATE_VERSION_NOT_ENTITLED},
    {"NOT_ACTIVATED", LATCHKEY_STATE_NOT_ACTIVATED},
    {"ACTIVATION_INACTIVE", LATCHKEY_STATE_NOT_ACTIVATED},
    {"INVALID_LICENSE", LATCHKEY_STATE_INVALID},
    {"ACTIVATION_LIMIT_REACHED", LATCHKEY_STATE_LIMIT_REACHED},
    {"NEW_MACHINES_LIMIT_REACHED", LATCHKEY_STATE_LIMIT_REACHED},
};

static bool is_state(latchkey_state state) {
    return (int)state >= 0 && (size_t)state < sizeof states / sizeof states[0];
}

const char *latchkey_state_name(latchkey_state state) {
    return is_state(state) ? states[state][0] : NULL;
}

const char *latchkey_state_meaning(latchkey_state state) {
    return is_state(state) ? states[state][1] : NULL;
}

bool lk_is_usable(latchkey_state state) {
    return state == LATCHKEY_STATE_VALID || state == LATCHKEY_STATE_GRACE ||
           state == LATCHKEY_STATE_OFFLINE_GRACE;
}

bool lk_state_of_code(const char *code, latchkey_state *state) {
    for (size_t index = 0; index < sizeof codes / sizeof codes[0]; index++) {
        if (strcmp(codes[index].code, code) != 0) continue;
        *state = codes[index].state;
        return true;
    }
    return false;
}
