package io.latchkey;

import io.latchkey.internal.client.Settings;
import io.latchkey.internal.format.FileCheck;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.random.RandomGenerator;

/** What an app tells the library. The address, API key, product, version, public keys and device have to be given. */
public final class LicenseClientBuilder {
    private String url;
    private String apiKey;
    private String product;
    private String version;
    private String released;
    private List<PublicKey> publicKeys;
    private Device device;
    private String deviceName;
    private Storage storage = Storage.memory();
    private Duration refreshInterval = Duration.ofHours(1);
    private Duration freshFor = Duration.ofDays(1);
    private Duration offlineGrace = Duration.ofDays(3);
    private Duration timeout = Duration.ofSeconds(20);
    private RetryPolicy retries = RetryPolicy.DEFAULT;
    private Transport transport = Transport.http();
    private InstantSource clock = InstantSource.system();
    private RandomGenerator random = new SecureRandom();

    LicenseClientBuilder() {}

    /**
     * Address of the license server.
     *
     * @param url such as {@code https://licenses.example.com}
     * @return this
     */
    public LicenseClientBuilder url(String url) {
        this.url = url;
        return this;
    }

    /**
     * An API key of the product.
     *
     * @param apiKey the key
     * @return this
     */
    public LicenseClientBuilder apiKey(String apiKey) {
        this.apiKey = apiKey;
        return this;
    }

    /**
     * The product.
     *
     * @param product its code
     * @return this
     */
    public LicenseClientBuilder product(String product) {
        this.product = product;
        return this;
    }

    /**
     * The version of the app.
     *
     * @param version such as 2.1.0
     * @return this
     */
    public LicenseClientBuilder version(String version) {
        this.version = version;
        return this;
    }

    /**
     * The day of the app's release.
     *
     * @param released {@code YYYY-MM-DD}; null, the default: not known
     * @return this
     */
    public LicenseClientBuilder released(String released) {
        this.released = released;
        return this;
    }

    /**
     * The keys of {@code /.well-known/jwks/{product}.json}, compiled into the app. Never read them from a file or the network.
     *
     * @param publicKeys at least one
     * @return this
     */
    public LicenseClientBuilder publicKeys(List<PublicKey> publicKeys) {
        this.publicKeys = publicKeys;
        return this;
    }

    /**
     * The keys of {@code /.well-known/jwks/{product}.json}, compiled into the app. Never read them from a file or the network.
     *
     * @param publicKeys at least one
     * @return this
     */
    public LicenseClientBuilder publicKeys(PublicKey... publicKeys) {
        return publicKeys(List.of(publicKeys));
    }

    /**
     * The device.
     *
     * @param device as {@link Devices#machineDevice} finds it, or the app itself
     * @return this
     */
    public LicenseClientBuilder device(Device device) {
        this.device = device;
        return this;
    }

    /**
     * The device's name that the customer sees.
     *
     * @param deviceName null, the default: none
     * @return this
     */
    public LicenseClientBuilder deviceName(String deviceName) {
        this.deviceName = deviceName;
        return this;
    }

    /**
     * Where the license is kept; in memory by default.
     *
     * @param storage {@link Storage#file} for most apps
     * @return this
     */
    public LicenseClientBuilder storage(Storage storage) {
        this.storage = storage;
        return this;
    }

    /**
     * The time between refreshes.
     *
     * @param refreshInterval one hour by default; less than a minute is a minute
     * @return this
     */
    public LicenseClientBuilder refreshInterval(Duration refreshInterval) {
        this.refreshInterval = refreshInterval;
        return this;
    }

    /**
     * How long a validation counts as if the server had been asked just now.
     *
     * @param freshFor one day by default
     * @return this
     */
    public LicenseClientBuilder freshFor(Duration freshFor) {
        this.freshFor = freshFor;
        return this;
    }

    /**
     * How long a license without a license file may be used while the server is not reached.
     *
     * @param offlineGrace three days by default
     * @return this
     */
    public LicenseClientBuilder offlineGrace(Duration offlineGrace) {
        this.offlineGrace = offlineGrace;
        return this;
    }

    /**
     * The time until a request is ended, with its answer.
     *
     * @param timeout 20 seconds by default
     * @return this
     */
    public LicenseClientBuilder timeout(Duration timeout) {
        this.timeout = timeout;
        return this;
    }

    /**
     * How calls are repeated.
     *
     * @param retries {@link RetryPolicy#DEFAULT} by default
     * @return this
     */
    public LicenseClientBuilder retries(RetryPolicy retries) {
        this.retries = retries;
        return this;
    }

    /**
     * What sends requests.
     *
     * @param transport {@link Transport#http()} by default
     * @return this
     */
    public LicenseClientBuilder transport(Transport transport) {
        this.transport = transport;
        return this;
    }

    /**
     * The time; a {@link java.time.Clock} is one.
     *
     * @param clock that of the system by default
     * @return this
     */
    public LicenseClientBuilder clock(InstantSource clock) {
        this.clock = clock;
        return this;
    }

    /**
     * Random bytes of nonces, idempotency keys and delays.
     *
     * @param random a {@link SecureRandom} by default; has to be thread-safe
     * @return this
     */
    public LicenseClientBuilder random(RandomGenerator random) {
        this.random = random;
        return this;
    }

    /**
     * Makes the client. Nothing is read or sent yet.
     *
     * @return the client
     * @throws IllegalArgumentException for an option that is missing or wrong; the message names it
     */
    public LicenseClient build() {
        String address = OptionChecks.url(url);
        OptionChecks.require(apiKey != null && apiKey.chars().allMatch(c -> c > ' ' && c < 127) && !apiKey.isEmpty(), "apiKey",
                "a text of visible ASCII characters");
        OptionChecks.require(product != null && !product.isBlank(), "product", "the product's code");
        OptionChecks.require(version != null && !version.isBlank() && version.length() <= 255, "version", "a version such as 2.1.0");
        OptionChecks.require(released == null || OptionChecks.isDay(released), "released", "a day, YYYY-MM-DD");
        OptionChecks.require(publicKeys != null && !publicKeys.isEmpty() && publicKeys.stream().noneMatch(key -> key == null),
                "publicKeys", "at least one key");
        publicKeys.forEach(OptionChecks::publicKey);
        OptionChecks.require(device != null && !device.fingerprint().isBlank() && device.fingerprint().length() <= 255, "device",
                "a device with a fingerprint of 1 to 255 characters");
        OptionChecks.require(storage != null && transport != null && clock != null && random != null && retries != null,
                "storage, transport, clock, random or retries", "not null");
        OptionChecks.duration(refreshInterval, "refreshInterval", true);
        OptionChecks.duration(freshFor, "freshFor", false);
        OptionChecks.duration(offlineGrace, "offlineGrace", false);
        OptionChecks.duration(timeout, "timeout", true);
        return new LicenseClient(new Settings(address, apiKey, new FileCheck.App(product, version, released),
                List.copyOf(publicKeys), device, deviceName, storage, refreshInterval, freshFor, offlineGrace, timeout,
                retries, transport, clock, random));
    }
}
