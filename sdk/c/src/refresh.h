/* Refreshing: asks the server whether the license may be used, believes what is signed, and keeps it. */
#ifndef LK_REFRESH_H
#define LK_REFRESH_H

#include "client.h"

/* Refreshes; calls at the same time are one request. An error only without memory. `status` may be NULL. */
latchkey_error *lk_refresh_once(latchkey_client *client, latchkey_status **status);
/* Refreshes by a thread whose turn it is. An error only without memory; that of the server is kept for the
 * status. */
latchkey_error *lk_refresh_in_turn(latchkey_client *client);

#endif
