/**
 * @file latchkey.h
 * @brief Latchkey for C: the license of an app on this device, known at once without a network, refreshed in
 * the background.
 *
 * Conventions, which hold for every function unless it says otherwise:
 *
 * - Texts are UTF-8 and end with a zero byte. Texts that are given are copied, or not used after the call.
 * - `const char *` that is returned belongs to the object that it was asked of, and lives as long as that.
 * `char *` in an output parameter is the caller's, to be freed with latchkey_free().
 * - Functions that can fail return a ::latchkey_result. Their last parameter takes an error, to be freed with
 *   latchkey_error_free(); it may be NULL. Output parameters are set to NULL when the call fails, and may be
 * NULL where the caller does not need them.
 * - Times are seconds since 1970 unless a name or comment says milliseconds, durations are seconds, days are
 * those of UTC and have the form `YYYY-MM-DD`.
 * - All functions of one client may be called by several threads at once. Other objects are not changed after
 * they were made, and may be read by several threads; who frees one makes sure that no other thread uses it.
 * - The library has no global state but the one-time setup of libcurl, and never writes to standard output or
 * error.
 */
#ifndef LATCHKEY_H
#define LATCHKEY_H

#include "latchkey/client.h"
#include "latchkey/device.h"
#include "latchkey/environment.h"
#include "latchkey/options.h"
#include "latchkey/result.h"
#include "latchkey/status.h"
#include "latchkey/usage.h"

#endif
