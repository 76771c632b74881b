/* Sessions of concurrent users: one is started, renewed while the app runs, and ended with it. */
#ifndef LK_SEATS_H
#define LK_SEATS_H

#include "../include/latchkey.h"

/* Renews the session. Returns the seconds until the next time; negative: there is no session. */
double lk_renew_seat(latchkey_client *client);

#endif
