/* The device as an app gives it. */
#ifndef LK_DEVICE_H
#define LK_DEVICE_H

#include "../include/latchkey.h"
#include "error.h"

struct latchkey_device {
    lk_arena arena;
    const char *fingerprint;
    latchkey_pair *components;
    size_t count;
};

/* The value of a component; NULL: there is none. */
const char *lk_component(const latchkey_device *device, const char *name, size_t length);
/* Whether a value identifies no machine. */
bool lk_is_placeholder(const char *value, size_t length);
/* Adds the components of a device to a body, unless there are none. */
void lk_put_components(lk_text *out, const latchkey_device *device);
/* A copy. NULL without memory. */
latchkey_device *lk_copy_device(const latchkey_device *device);

#endif
