/* The request of an app that never has a network: text that is carried to a computer with one. */
#ifndef LK_OFFLINE_REQUEST_H
#define LK_OFFLINE_REQUEST_H

#include "memory.h"

/* The text of a request, which survives e-mail and a QR code, to be freed. NULL without memory. */
char *lk_write_request(const char *json, size_t length);

#endif
