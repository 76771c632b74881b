/* What identifies a machine under Windows. This code was not run. */
#ifdef _WIN32
#include <winsock2.h>
#include <windows.h>
#include <iphlpapi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine.h"
#include "unicode.h"

const char *lk_system_id(lk_arena *arena) {
    char value[100];
    DWORD size = sizeof value;
    /* The registry of 64 bits also in a program of 32: it has another one without the value. */
    LSTATUS result = RegGetValueA(HKEY_LOCAL_MACHINE, "SOFTWARE\\Microsoft\\Cryptography", "MachineGuid",
                                  RRF_RT_REG_SZ | RRF_SUBKEY_WOW6464KEY, NULL, value, &size);
    return result == ERROR_SUCCESS ? lk_copy(arena, value) : NULL;
}

const char *lk_board_id(lk_arena *arena) {
    char line[512];
    const char *value = NULL;
    bool is_named = false;
    FILE *program = _popen("wmic baseboard get serialnumber 2>nul", "r");
    while (program && fgets(line, sizeof line, program)) {
        size_t length = strlen(line);
        const char *text = lk_trim(line, &length);
        if (is_named && length > 0 && !value && lk_is_utf8(text, length))
            value = lk_copy_bytes(arena, text, length);
        if (strncmp(text, "SerialNumber", 12) == 0) is_named = true;
    }
    if (program) _pclose(program);
    return value;
}

const char *lk_network_address(lk_arena *arena) {
    ULONG size = 65536;
    const char *lowest = NULL;
    IP_ADAPTER_ADDRESSES *all = malloc(size);
    ULONG flags = GAA_FLAG_SKIP_ANYCAST | GAA_FLAG_SKIP_MULTICAST | GAA_FLAG_SKIP_DNS_SERVER;
    if (all && GetAdaptersAddresses(AF_UNSPEC, flags, NULL, all, &size) == ERROR_SUCCESS) {
        for (IP_ADAPTER_ADDRESSES *one = all; one; one = one->Next) {
            bool is_card = one->OperStatus == IfOperStatusUp && one->IfType != IF_TYPE_SOFTWARE_LOOPBACK;
            if (is_card && one->FirstUnicastAddress && one->PhysicalAddressLength == 6) {
                lk_lowest_address(arena, one->PhysicalAddress, &lowest);
            }
        }
    }
    free(all);
    return lowest;
}
#else
typedef int lk_no_machine_of_windows;
#endif
