/* The device as an app gives it: its own fingerprint, or one of parts of the machine. */
#include "device.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto.h"
#include "unicode.h"

/* The server takes no more, and no longer ones. */
enum { MOST_COMPONENTS = 16, LONGEST = 255 };

static bool is_value(const char *text) {
    if (!text) return false;
    size_t length = strlen(text);
    return length > 0 && length <= LONGEST && lk_is_utf8(text, length);
}

static latchkey_error *make(const char *fingerprint, const latchkey_pair *components, size_t count,
                            latchkey_device **device) {
    latchkey_device *made = calloc(1, sizeof *made);
    if (!made) return lk_error_out_of_memory();
    made->fingerprint = lk_copy(&made->arena, fingerprint);
    made->count = count;
    made->components = lk_alloc(&made->arena, (count + 1) * sizeof *made->components);
    for (size_t index = 0; made->components && index < count; index++) {
        made->components[index].name = lk_copy(&made->arena, components[index].name);
        made->components[index].value = lk_copy(&made->arena, components[index].value);
    }
    if (made->arena.failed) {
        latchkey_device_free(made);
        return lk_error_out_of_memory();
    }
    *device = made;
    return NULL;
}

latchkey_result latchkey_device_new(const char *fingerprint, const latchkey_pair *components, size_t count,
                                    latchkey_device **device, latchkey_error **error) {
    if (!device) return lk_end(lk_error_invalid("The address for the device is NULL."), error);
    *device = NULL;
    if (!is_value(fingerprint)) {
        return lk_end(lk_error_invalid("A fingerprint is a text of 1 to 255 bytes."), error);
    }
    if (count > MOST_COMPONENTS || (count > 0 && !components)) {
        return lk_end(lk_error_invalid("A device has at most 16 components."), error);
    }
    for (size_t index = 0; index < count; index++) {
        if (!is_value(components[index].name) || !is_value(components[index].value)) {
            return lk_end(lk_error_invalid("Components are texts of 1 to 255 bytes, with names."), error);
        }
        for (size_t before = 0; before < index; before++) {
            if (strcmp(components[before].name, components[index].name) == 0) {
                return lk_end(lk_error_invalid("Two components have the same name."), error);
            }
        }
    }
    return lk_end(make(fingerprint, components, count, device), error);
}

/* Hashes three texts with line feeds between them, in hexadecimal. NULL without memory. */
static const char *hash(lk_arena *arena, const char *product, const char *name, const char *value,
                        size_t length, size_t digits) {
    unsigned char digest[LK_DIGEST];
    lk_text text = {0}, hex = {0};
    lk_append_text(&text, product);
    lk_append_text(&text, "\n");
    lk_append_text(&text, name);
    lk_append_text(&text, "\n");
    lk_append(&text, value, length);
    const char *copy = NULL;
    if (!text.failed && lk_sha256(text.bytes, text.length, digest)) {
        lk_write_hex(&hex, digest, sizeof digest);
        if (!hex.failed) copy = lk_copy_bytes(arena, hex.bytes, digits);
    }
    if (!copy) arena->failed = true;
    lk_text_free(&text);
    lk_text_free(&hex);
    return copy;
}

static latchkey_error *device_of(const char *product, const latchkey_pair *parts, size_t count,
                                 latchkey_device **device) {
    lk_arena arena = {0};
    latchkey_pair *components = lk_alloc(&arena, (count + 1) * sizeof *components);
    size_t used = 0;
    for (size_t index = 0; components && index < count; index++) {
        const char *value = parts[index].value;
        if (!value || lk_is_placeholder(value, strlen(value))) continue;
        size_t length = strlen(value);
        const char *trimmed = lk_trim_ascii(value, &length);
        components[used].name = parts[index].name;
        components[used++].value = hash(&arena, product, parts[index].name, trimmed, length, 32);
    }
    latchkey_error *error = NULL;
    const char *fingerprint = NULL;
    if (!arena.failed && used > 0) {
        const char *first = components[0].value;
        fingerprint = hash(&arena, product, "fingerprint", first, strlen(first), 64);
    }
    if (arena.failed)
        error = lk_error_out_of_memory();
    else if (used == 0) {
        error = lk_error_invalid("No part identifies this machine. Give a fingerprint of your own.");
    } else if (latchkey_device_new(fingerprint, components, used, device, &error) != LATCHKEY_OK && !error) {
        error = lk_error_out_of_memory();
    }
    lk_arena_free(&arena);
    return error;
}

latchkey_result latchkey_device_of(const char *product, const latchkey_pair *parts, size_t count,
                                   latchkey_device **device, latchkey_error **error) {
    if (!device) return lk_end(lk_error_invalid("The address for the device is NULL."), error);
    *device = NULL;
    if (!is_value(product)) return lk_end(lk_error_invalid("The product's code is missing."), error);
    for (size_t index = 0; index < count; index++) {
        if (!is_value(parts[index].name) ||
            (parts[index].value && !lk_is_utf8(parts[index].value, strlen(parts[index].value)))) {
            return lk_end(lk_error_invalid("Parts of a device have names, and are UTF-8."), error);
        }
    }
    return lk_end(device_of(product, parts, count, device), error);
}

latchkey_device *lk_copy_device(const latchkey_device *device) {
    latchkey_device *copy = NULL;
    latchkey_error_free(make(device->fingerprint, device->components, device->count, &copy));
    return copy;
}

const char *latchkey_device_fingerprint(const latchkey_device *device) {
    return device->fingerprint;
}

size_t latchkey_device_component_count(const latchkey_device *device) {
    return device->count;
}

latchkey_pair latchkey_device_component(const latchkey_device *device, size_t index) {
    latchkey_pair none = {NULL, NULL};
    return index < device->count ? device->components[index] : none;
}

void latchkey_device_free(latchkey_device *device) {
    if (!device) return;
    lk_arena_free(&device->arena);
    free(device);
}

const char *lk_component(const latchkey_device *device, const char *name, size_t length) {
    for (size_t index = 0; index < device->count; index++) {
        const char *own = device->components[index].name;
        if (strlen(own) == length && memcmp(own, name, length) == 0) return device->components[index].value;
    }
    return NULL;
}

void lk_put_components(lk_text *out, const latchkey_device *device) {
    if (device->count == 0) return;
    lk_put_name(out, "components");
    lk_append_char(out, '{');
    for (size_t index = 0; index < device->count; index++) {
        lk_put_text(out, device->components[index].name, device->components[index].value);
    }
    lk_append_char(out, '}');
}
