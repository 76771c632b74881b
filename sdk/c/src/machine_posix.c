/* What identifies a machine under Linux and macOS. The code for macOS was not run. */
#ifndef _WIN32
#define _DEFAULT_SOURCE
#define _DARWIN_C_SOURCE
#include "machine.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "file_system.h"
#include "unicode.h"

#ifdef __APPLE__
#include <net/if_dl.h>

/* A value that ioreg shows. NULL when it does not. */
static const char *registry_value(lk_arena *arena, const char *name) {
    const char *mark = lk_format(arena, "\"%s\" = \"", name);
    FILE *program = popen("/usr/sbin/ioreg -rd1 -c IOPlatformExpertDevice", "r");
    const char *value = NULL;
    char line[1024];
    while (program && mark && fgets(line, sizeof line, program)) {
        char *found = strstr(line, mark);
        char *end = found ? strchr(found + strlen(mark), '"') : NULL;
        if (end && !value)
            value = lk_copy_bytes(arena, found + strlen(mark), (size_t)(end - found) - strlen(mark));
    }
    if (program) pclose(program);
    return value;
}

const char *lk_system_id(lk_arena *arena) {
    return registry_value(arena, "IOPlatformUUID");
}

const char *lk_board_id(lk_arena *arena) {
    return registry_value(arena, "IOPlatformSerialNumber");
}

static const unsigned char *hardware_address(const struct sockaddr *address) {
    if (address->sa_family != AF_LINK) return NULL;
    const struct sockaddr_dl *link = (const struct sockaddr_dl *)(const void *)address;
    return link->sdl_alen == 6 ? (const unsigned char *)LLADDR(link) : NULL;
}
#else
#include <netpacket/packet.h>

/* The text of a file, without blanks around. NULL when there is none. */
static const char *read_value(lk_arena *arena, const char *path) {
    lk_text text = {0}, ignored = {0};
    const char *value = NULL;
    if (lk_file_read(path, 4096, &text, &ignored) == LK_FILE_OK && text.length > 0) {
        size_t length = text.length;
        const char *trimmed = lk_trim(text.bytes, &length);
        if (length > 0 && lk_is_utf8(trimmed, length)) value = lk_copy_bytes(arena, trimmed, length);
    }
    lk_text_free(&text);
    lk_text_free(&ignored);
    return value;
}

const char *lk_system_id(lk_arena *arena) {
    const char *id = read_value(arena, "/etc/machine-id");
    return id ? id : read_value(arena, "/var/lib/dbus/machine-id");
}

const char *lk_board_id(lk_arena *arena) {
    const char *serial = read_value(arena, "/sys/class/dmi/id/board_serial");
    return serial ? serial : read_value(arena, "/sys/class/dmi/id/board_asset_tag");
}

static const unsigned char *hardware_address(const struct sockaddr *address) {
    if (address->sa_family != AF_PACKET) return NULL;
    const struct sockaddr_ll *link = (const struct sockaddr_ll *)(const void *)address;
    return link->sll_halen == 6 ? link->sll_addr : NULL;
}
#endif

/* The address of the card of that name; zeros when it has none, as tunnels. */
static void add_card(lk_arena *arena, const struct ifaddrs *all, const char *name, const char **lowest) {
    static const unsigned char none[6] = {0};
    const unsigned char *found = NULL;
    for (; all && !found; all = all->ifa_next) {
        if (all->ifa_addr && strcmp(all->ifa_name, name) == 0) found = hardware_address(all->ifa_addr);
    }
    lk_lowest_address(arena, found ? found : none, lowest);
}

const char *lk_network_address(lk_arena *arena) {
    struct ifaddrs *all = NULL;
    const char *lowest = NULL;
    if (getifaddrs(&all) != 0) return NULL;
    for (struct ifaddrs *one = all; one; one = one->ifa_next) {
        int family = one->ifa_addr ? one->ifa_addr->sa_family : AF_UNSPEC;
        bool is_running = (one->ifa_flags & IFF_UP) && (one->ifa_flags & IFF_RUNNING);
        bool is_card = is_running && !(one->ifa_flags & IFF_LOOPBACK);
        /* Cards that have an address are those that count. */
        if (is_card && (family == AF_INET || family == AF_INET6))
            add_card(arena, all, one->ifa_name, &lowest);
    }
    freeifaddrs(all);
    return lowest;
}
#else
typedef int lk_no_machine_of_posix;
#endif
