/**
 * @file client.h
 * @brief The client of an app: its license on this device.
 */
#ifndef LATCHKEY_CLIENT_H
#define LATCHKEY_CLIENT_H

#include "options.h"
#include "status.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The license of an app on this device. */
typedef struct latchkey_client latchkey_client;

/** Makes a client. Neither disk nor network are touched. @return ::LATCHKEY_ERROR_INVALID_ARGUMENT for
 * options that cannot be */
LATCHKEY_API latchkey_result latchkey_client_new(const latchkey_options *options, latchkey_client **client,
                                                 latchkey_error **error);

/** Stops the client, waits for its threads and frees it. No other call may be running. NULL is ignored. */
LATCHKEY_API void latchkey_client_free(latchkey_client *client);

/** The state by what is kept on the device. Refreshing begins in a thread; the network is not waited for. */
LATCHKEY_API latchkey_result latchkey_client_start(latchkey_client *client, latchkey_status **status,
                                                   latchkey_error **error);

/**
 * Ends refreshing and renewing, and requests and delays that other threads wait for. Calls that ask the
 * server fail with NETWORK_ERROR from then on, until latchkey_client_start().
 */
LATCHKEY_API void latchkey_client_stop(latchkey_client *client);

/** The state by what is kept on the device, at this moment, without the network. */
LATCHKEY_API latchkey_result latchkey_client_status(latchkey_client *client, latchkey_status **status,
                                                    latchkey_error **error);

/**
 * Asks the server. Calls at the same time are one request. It succeeds also when the server is not reached or
 * not believed: latchkey_status_error() says so.
 */
LATCHKEY_API latchkey_result latchkey_client_refresh(latchkey_client *client, latchkey_status **status,
                                                     latchkey_error **error);

/**
 * Activates the license on this device.
 *
 * @param typed the license key as it was typed or pasted
 * @return ::LATCHKEY_OK also when the server's refusal is about the license: the state is limit_reached,
 * invalid, expired or disabled then. Other refusals and a server that is not reached are errors
 */
LATCHKEY_API latchkey_result latchkey_client_activate(latchkey_client *client, const char *typed,
                                                      latchkey_status **status, latchkey_error **error);

/** Frees the activation and forgets the license. When it fails, the license stays. */
LATCHKEY_API latchkey_result latchkey_client_deactivate(latchkey_client *client, latchkey_status **status,
                                                        latchkey_error **error);

/**
 * Gives the device back without a network: deletes license file and license, and makes the removal code that
 * the user enters in the vendor's panel. Called again it returns the same code.
 *
 * @param code the removal code, to be freed with latchkey_free()
 */
LATCHKEY_API latchkey_result latchkey_client_deactivate_offline(latchkey_client *client, char **code,
                                                                latchkey_error **error);

/**
 * Gets a license file for the time without a network.
 *
 * @param ttl seconds; 0: as long as the license allows
 * @param encrypt 1: only this device can read it
 */
LATCHKEY_API latchkey_result latchkey_client_check_out(latchkey_client *client, int64_t ttl, int encrypt,
                                                       latchkey_status **status, latchkey_error **error);

/** Gives the license file back; the device stays activated. */
LATCHKEY_API latchkey_result latchkey_client_check_in(latchkey_client *client, latchkey_status **status,
                                                      latchkey_error **error);

/**
 * Takes a license file that was carried in, without a network.
 *
 * @param text the text of the file
 * @param license_key for an encrypted file, if the device has no license yet; NULL: that of the device
 * @return ::LATCHKEY_OK also for a file that is refused: the state is invalid, wrong_machine or not_activated
 * then, and the license stays as it was
 */
LATCHKEY_API latchkey_result latchkey_client_install_file(latchkey_client *client, const char *text,
                                                          const char *license_key, latchkey_status **status,
                                                          latchkey_error **error);

/** Takes a status list that was carried in. @return ::LATCHKEY_ERROR_UNTRUSTED_ANSWER for one that is not the
 * vendor's */
LATCHKEY_API latchkey_result latchkey_client_install_status_list(latchkey_client *client, const char *list,
                                                                 latchkey_status **status,
                                                                 latchkey_error **error);

/**
 * A request for a license file, for a device that never has a network. latchkey_client_install_file() takes
 * the answer.
 *
 * @param typed the license key as it was typed or pasted
 * @param encrypt 1: asks for a file that only this device can read
 * @param text the text of the request, to be freed with latchkey_free()
 */
LATCHKEY_API latchkey_result latchkey_client_offline_request(latchkey_client *client, const char *typed,
                                                             int encrypt, char **text,
                                                             latchkey_error **error);

/** Called with each new state, by the thread whose call brought it. It may call the client and stop it, but
 * neither start nor free it. The status is the library's. */
typedef void (*latchkey_listener)(void *context, const latchkey_status *status);

/** Adds a listener. @return its number, by which it is removed; 0 when there is no memory for it */
LATCHKEY_API uint64_t latchkey_client_on_change(latchkey_client *client, latchkey_listener listener,
                                                void *context);

/** Removes a listener. Unless a listener calls it, it waits until no listener is running. Unknown numbers are
 * ignored. */
LATCHKEY_API void latchkey_client_remove_listener(latchkey_client *client, uint64_t number);

/**
 * Reads a license key that was typed or pasted, to tell a user of a typing error at once. Calls do that by
 * themselves.
 *
 * @param text the key without what pasting added, as it is sent; to be freed
 * @param canonical equal for keys that count as the same; to be freed
 * @param checksum_mismatch 1 for the form of a generated key with a wrong check character: mistyped, or
 * imported by the vendor
 * @return ::LATCHKEY_ERROR_INVALID_ARGUMENT for what can be no license key
 */
LATCHKEY_API latchkey_result latchkey_read_license_key(const char *typed, char **text, char **canonical,
                                                       int *checksum_mismatch, latchkey_error **error);

#ifdef __cplusplus
}
#endif

#endif
