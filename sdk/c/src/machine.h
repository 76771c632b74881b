/* What identifies a machine, as far as programs may read it without rights of an administrator. */
#ifndef LK_MACHINE_H
#define LK_MACHINE_H

#include "memory.h"

/* Each NULL when it is not known. */
const char *lk_system_id(lk_arena *arena);
const char *lk_board_id(lk_arena *arena);
/* The address of the first network card that is built in, as aa:bb:cc:dd:ee:ff. */
const char *lk_network_address(lk_arena *arena);

/* For the addresses of cards: the lowest of those that were not made up, whose second bit is not set. */
void lk_lowest_address(lk_arena *arena, const unsigned char address[6], const char **lowest);

#endif
