package io.latchkey.internal.client;

import io.latchkey.Device;
import io.latchkey.PublicKey;
import io.latchkey.RetryPolicy;
import io.latchkey.Storage;
import io.latchkey.Transport;
import io.latchkey.internal.format.FileCheck;
import io.latchkey.internal.format.SignedValidation;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What an app tells the library, checked and with the defaults.
 *
 * @param url address of the license server, without a slash at the end
 * @param apiKey an API key of the product
 * @param app which release of which product the app is
 * @param publicKeys the keys of the product
 * @param device the device
 * @param deviceName that the customer sees
 * @param storage where the license is kept
 * @param refreshInterval between refreshes
 * @param freshFor how long a validation counts as fresh
 * @param offlineGrace how long a license without a file may be used while the server is not reached
 * @param timeout until a request is ended
 * @param retries how calls are repeated
 * @param transport sends requests
 * @param clock the time
 * @param random of nonces, idempotency keys and delays
 */
public record Settings(String url, String apiKey, FileCheck.App app, List<PublicKey> publicKeys, Device device,
        String deviceName, Storage storage, Duration refreshInterval, Duration freshFor, Duration offlineGrace,
        Duration timeout, RetryPolicy retries, Transport transport, InstantSource clock, RandomGenerator random) {
    /** The clock; seconds since 1970. */
    long now() {
        return clock.instant().getEpochSecond();
    }

    /** The same with fractions. */
    double exactNow() {
        return Retry.seconds(Duration.between(java.time.Instant.EPOCH, clock.instant()));
    }

    byte[] randomBytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** A random number from 0 to 1. */
    double fraction() {
        byte[] bytes = randomBytes(2);
        return ((bytes[0] & 255) * 256 + (bytes[1] & 255)) / 65_535.0;
    }

    FileCheck check(String file, String licenseKey, FileCheck.Kept kept, List<String> lists) {
        return new FileCheck(file, publicKeys, app, device, licenseKey, now(), kept, lists);
    }

    /** @param nonce null for a validation that was saved */
    SignedValidation.Sent sent(String nonce, String licenseKey) {
        return new SignedValidation.Sent(nonce, licenseKey, device.fingerprint(), app.product());
    }
}
