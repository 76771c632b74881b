/* The states of a license on a device. */
#ifndef LK_STATES_H
#define LK_STATES_H

#include <stdbool.h>

#include "../include/latchkey.h"

bool lk_is_usable(latchkey_state state);
/* The state of a code of the server. False when the code says nothing about the license. */
bool lk_state_of_code(const char *code, latchkey_state *state);

#endif
