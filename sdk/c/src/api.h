/* Calls to the License API: repeated where that helps, one idempotency key for each action, refusals as
 * errors. */
#ifndef LK_API_H
#define LK_API_H

#include "client.h"

/* Posts JSON and returns the answer's, an object in the arena. `body` is taken and freed.
 *
 * changes: whether the call changes something, so that it is sent with an idempotency key. */
latchkey_error *lk_post(latchkey_client *client, lk_arena *arena, const char *path, lk_text *body,
                        bool changes, const lk_json **answer);
/* Gets a text from an address, without the API key, once. The text is to be freed. */
latchkey_error *lk_get_text(latchkey_client *client, const char *url, lk_text *text);

/* Begins a body with the license key, and with the device. */
void lk_begin_body(lk_text *body, latchkey_client *client, const char *license_key);

#endif
