package io.latchkey;

import io.latchkey.internal.client.Activation;
import io.latchkey.internal.client.ClientCore;
import io.latchkey.internal.client.LicenseFiles;
import io.latchkey.internal.client.Meters;
import io.latchkey.internal.client.RefreshLoop;
import io.latchkey.internal.client.Refresher;
import io.latchkey.internal.client.Sessions;
import io.latchkey.internal.client.Settings;
import io.latchkey.internal.client.Updates;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * The license of an app on this device, known at once without a network, and refreshed in the background.
 *
 * <p>It is thread-safe. Its threads are daemons: they do not keep the app alive. Methods that wait for the network say so; call
 * them beside the thread of the user interface. A thread that is interrupted while it waits gets the error that the server was
 * not reached, and stays interrupted.
 */
public final class LicenseClient implements AutoCloseable {
    private final ClientCore core;
    private final Refresher refresher;
    private final RefreshLoop loop;
    private final Activation activation;
    private final LicenseFiles files;
    private final Sessions sessions;
    private final Seats seats;
    private final Usage usage;

    LicenseClient(Settings settings) {
        core = new ClientCore(settings);
        refresher = new Refresher(core);
        loop = new RefreshLoop(core, refresher);
        activation = new Activation(core, refresher);
        files = new LicenseFiles(core);
        sessions = new Sessions(core);
        seats = new Seats(sessions);
        usage = new Usage(new Meters(core));
    }

    /**
     * Begins with the options.
     *
     * @return a builder
     */
    public static LicenseClientBuilder builder() {
        return new LicenseClientBuilder();
    }

    /**
     * The state by what is kept on the device. Refreshing begins in the background, within five seconds; the network is not
     * waited for.
     *
     * @return the status
     */
    public LicenseStatus start() {
        LicenseStatus status = status();
        loop.start();
        return status;
    }

    /**
     * Ends refreshing, and calls that wait: they fail as if the server was not reached, as do later ones until it is started
     * again. A session is not renewed any longer; end it before.
     */
    public void stop() {
        sessions.stop();
        loop.stop();
    }

    /** The same as {@link #stop()}. */
    @Override
    public void close() {
        stop();
    }

    /**
     * The state by what is kept on the device, at this moment, without the network.
     *
     * @return the status
     */
    public LicenseStatus status() {
        return core.status();
    }

    /**
     * Calls a listener with each new state, on the thread that found it.
     *
     * @param listener should return soon; what it throws is logged
     * @return removes it
     */
    public Runnable onChange(Consumer<? super LicenseStatus> listener) {
        Objects.requireNonNull(listener, "listener");
        return core.listen(listener::accept);
    }

    /**
     * Asks the server. It waits for the network; two calls at the same time are one request.
     *
     * @return the status; its {@link LicenseStatus#error()} says when the server was not reached
     */
    public LicenseStatus refresh() {
        return refresher.refresh();
    }

    /**
     * Activates the license on this device. It waits for the network.
     *
     * @param typed the license key as it was typed or pasted
     * @return the status, also when the server refuses: {@code limit_reached}, {@code invalid}, {@code expired},
     *     {@code disabled}
     * @throws LatchkeyException when the server was not reached, or refuses for another reason
     */
    public LicenseStatus activate(String typed) {
        return activation.activate(Objects.requireNonNull(typed, "typed"), null);
    }

    /**
     * Activates the license on this device, with metadata that the vendor sees. It waits for the network.
     *
     * @param typed the license key as it was typed or pasted
     * @param metadata texts, numbers and booleans by name
     * @return the status, also when the server refuses: {@code limit_reached}, {@code invalid}, {@code expired},
     *     {@code disabled}
     * @throws LatchkeyException when the server was not reached, or refuses for another reason
     * @throws IllegalArgumentException for metadata that JSON has no form for
     */
    public LicenseStatus activate(String typed, Map<String, Object> metadata) {
        return activation.activate(Objects.requireNonNull(typed, "typed"), Objects.requireNonNull(metadata, "metadata"));
    }

    /**
     * Frees the activation and forgets the license. It waits for the network.
     *
     * @return the status
     * @throws LatchkeyException when the server was not reached or refuses; the license stays then
     */
    public LicenseStatus deactivate() {
        return activation.deactivate();
    }

    /**
     * Gives the license back on a device that never has a network: deletes it with its license file. Called again it returns
     * the same code.
     *
     * @return the removal code, which is entered in the account page or the panel
     * @throws LatchkeyException {@link LatchkeyException#NOT_ACTIVATED} when there is no license file
     */
    public String deactivateOffline() {
        return activation.deactivateOffline();
    }

    /**
     * Gets a license file for the time without a network, for as long as the license allows. It waits for the network.
     *
     * @return the status
     * @throws LatchkeyException when the server was not reached or refuses
     */
    public LicenseStatus checkOut() {
        return files.checkOut(null, false);
    }

    /**
     * Gets a license file for the time without a network. It waits for the network.
     *
     * @param ttl how long it is to last, in whole seconds; null: as long as the license allows
     * @param encrypt whether only this device can read it
     * @return the status
     * @throws LatchkeyException when the server was not reached or refuses
     */
    public LicenseStatus checkOut(Duration ttl, boolean encrypt) {
        return files.checkOut(ttl, encrypt);
    }

    /**
     * Gives the license file back; the device stays activated. It waits for the network.
     *
     * @return the status
     * @throws LatchkeyException when the server was not reached or refuses; the file stays then
     */
    public LicenseStatus checkIn() {
        return files.checkIn();
    }

    /**
     * Takes a license file that was carried in, without a network.
     *
     * @param text with its markers, and anything around them
     * @return the status; {@code invalid}, {@code wrong_machine} or {@code not_activated} for a file that is refused, and the
     *     license stays as it was then
     */
    public LicenseStatus installFile(String text) {
        return files.installFile(Objects.requireNonNull(text, "text"), null);
    }

    /**
     * Takes an encrypted license file that was carried in, without a network, on a device that has no license yet.
     *
     * @param text with its markers, and anything around them
     * @param licenseKey the license key that was in the request
     * @return the status, as of {@link #installFile(String)}
     */
    public LicenseStatus installFile(String text, String licenseKey) {
        LicenseKey key = licenseKey == null ? null : LicenseKey.read(licenseKey);
        return files.installFile(Objects.requireNonNull(text, "text"), key == null ? licenseKey : key.text());
    }

    /**
     * Takes a status list that was carried in, without a network. One that is older than another that was seen changes nothing.
     *
     * @param jws its text
     * @return the status
     * @throws LatchkeyException {@link LatchkeyException#UNTRUSTED_ANSWER} for one that is not the vendor's
     */
    public LicenseStatus installStatusList(String jws) {
        return files.installStatusList(Objects.requireNonNull(jws, "jws"), refresher);
    }

    /**
     * A request for a license file, for a device that never has a network. {@link #installFile} takes the answer.
     *
     * @param typed the license key as it was typed or pasted
     * @return text that survives e-mail and a QR code
     */
    public String offlineRequest(String typed) {
        return activation.offlineRequest(Objects.requireNonNull(typed, "typed"), null);
    }

    /**
     * The same, for a license file that only this device can read, or explicitly not.
     *
     * @param typed the license key as it was typed or pasted
     * @param encrypt whether only this device can read it
     * @return text that survives e-mail and a QR code
     */
    public String offlineRequest(String typed, boolean encrypt) {
        return activation.offlineRequest(Objects.requireNonNull(typed, "typed"), encrypt);
    }

    /**
     * Whether there is a newer release. It waits for the network.
     *
     * @return what there is
     * @throws LatchkeyException when there is no license, or the server was not reached or refuses
     */
    public Update checkForUpdate() {
        return Updates.check(core);
    }

    /**
     * Sessions of concurrent users.
     *
     * @return the same object each time
     */
    public Seats seats() {
        return seats;
    }

    /**
     * Metered use.
     *
     * @return the same object each time
     */
    public Usage usage() {
        return usage;
    }
}
