/**
 * @file device.h
 * @brief The device: a fingerprint and hashed components of the machine.
 */
#ifndef LATCHKEY_DEVICE_H
#define LATCHKEY_DEVICE_H

#include "result.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What an app sends of its device: a fingerprint, and hashed components by name. Changed by its maker alone.
 */
typedef struct latchkey_device latchkey_device;

/** A name with a value, such as a part of the machine. */
typedef struct latchkey_pair {
    const char *name;
    const char *value;
} latchkey_pair;

/**
 * The device of this machine: the id of its system, the serial number of its board and the address of its
 * network card, each hashed with the product's code. Reads files and registry; under macOS and Windows it
 * runs programs of the system.
 *
 * @param product the product's code
 * @return ::LATCHKEY_ERROR_INVALID_ARGUMENT when nothing identifies the machine, as in some containers
 */
LATCHKEY_API latchkey_result latchkey_machine_device(const char *product, latchkey_device **device,
                                                     latchkey_error **error);

/**
 * A device from parts of the machine. Placeholders and parts without a value (NULL) are dropped. The first
 * that is left is the fingerprint, all are components: put first what stays the same for every user of the
 * machine.
 *
 * @param product the product's code, the salt of the hashes
 * @return ::LATCHKEY_ERROR_INVALID_ARGUMENT when no part identifies the machine
 */
LATCHKEY_API latchkey_result latchkey_device_of(const char *product, const latchkey_pair *parts, size_t count,
                                                latchkey_device **device, latchkey_error **error);

/**
 * A device with a fingerprint of the app's own, which is sent as it is.
 *
 * @param fingerprint 1 to 255 bytes
 * @param components NULL without any; at most 16, values as they are sent
 */
LATCHKEY_API latchkey_result latchkey_device_new(const char *fingerprint, const latchkey_pair *components,
                                                 size_t count, latchkey_device **device,
                                                 latchkey_error **error);

LATCHKEY_API const char *latchkey_device_fingerprint(const latchkey_device *device);
LATCHKEY_API size_t latchkey_device_component_count(const latchkey_device *device);
/** The component at an index; its members are NULL beyond the last one. */
LATCHKEY_API latchkey_pair latchkey_device_component(const latchkey_device *device, size_t index);
/** NULL is ignored. */
LATCHKEY_API void latchkey_device_free(latchkey_device *device);

#ifdef __cplusplus
}
#endif

#endif
