/* The device of this machine. */
#include "machine.h"

#include <string.h>

#include "device.h"

void lk_lowest_address(lk_arena *arena, const unsigned char address[6], const char **lowest) {
    if (address[0] & 2) return;
    const char *text = lk_format(arena, "%02x:%02x:%02x:%02x:%02x:%02x", address[0], address[1], address[2],
                                 address[3], address[4], address[5]);
    if (text && (!*lowest || strcmp(text, *lowest) < 0)) *lowest = text;
}

latchkey_result latchkey_machine_device(const char *product, latchkey_device **device,
                                        latchkey_error **error) {
    lk_arena arena = {0};
    const latchkey_pair parts[] = {
        {"system", lk_system_id(&arena)},
        {"board", lk_board_id(&arena)},
        {"mac", lk_network_address(&arena)},
    };
    latchkey_result result = latchkey_device_of(product, parts, 3, device, error);
    lk_arena_free(&arena);
    return result;
}
