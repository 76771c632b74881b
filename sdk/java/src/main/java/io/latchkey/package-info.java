/**
 * License checks of an app, online and offline, with a Latchkey license server.
 *
 * <p>{@link io.latchkey.LicenseClient} is what an app uses; the other types are what it takes and returns.
 */
package io.latchkey;
