package io.latchkey.internal.client;

import io.latchkey.FileClaims;
import io.latchkey.LatchkeyException;
import io.latchkey.LicenseState;
import io.latchkey.LicenseStatus;
import io.latchkey.internal.format.SignedValidation;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** What the parts of a client share: its settings, record and threads, the turns of its calls, and its status. */
public final class ClientCore {
    final Settings settings;
    final KeptRecord kept;
    final Background background = new Background();
    final Api api;
    final Listeners listeners = new Listeners();
    /** Requests about the license follow one another. */
    private final ReentrantLock turn = new ReentrantLock(true);
    private volatile LatchkeyException error;
    /** When the activation ends without another refresh; null: never. */
    private volatile Instant leaseEnds;

    /**
     * A client.
     *
     * @param settings what the app told
     */
    public ClientCore(Settings settings) {
        this.settings = settings;
        kept = new KeptRecord(settings.storage());
        api = new Api(settings, background);
    }

    /** Work that makes calls. */
    interface Work<T> {
        T run(Call call) throws CallError;
    }

    /** Makes calls about the license, after those that are made already; listeners are told afterwards. */
    <T> T inTurn(Work<T> work) {
        // It is there before its turn comes, so that stopping ends calls that wait for it too.
        try (Call call = api.open()) {
            turn.lock();
            try {
                return work.run(call);
            } catch (CallError failed) {
                throw failed.error();
            } finally {
                turn.unlock();
            }
        } finally {
            listeners.deliver();
        }
    }

    /**
     * Adds a listener.
     *
     * @param listener called with each new state
     * @return removes it
     */
    public Runnable listen(Consumer<LicenseStatus> listener) {
        return listeners.add(listener);
    }

    /** Makes a call beside those about the license. */
    <T> T apart(Work<T> work) {
        try (Call call = api.open()) {
            return work.run(call);
        } catch (CallError failed) {
            throw failed.error();
        }
    }

    /**
     * The state by what is kept on the device, at this moment.
     *
     * @return the status
     */
    public LicenseStatus status() {
        LocalState local = LocalState.of(kept.read(), settings);
        return status(local, local.state(), local.reason(), local.code());
    }

    /** A status with another state, of what was refused just now. */
    LicenseStatus status(LicenseState state, String reason, String code) {
        LocalState local = LocalState.of(kept.read(), settings);
        return status(local, state, reason, code == null ? local.code() : code);
    }

    private LicenseStatus status(LocalState local, LicenseState state, String reason, String code) {
        SignedValidation validation = local.validation();
        FileClaims file = local.file();
        Long fileTime = file == null ? null : file.issuedAt().getEpochSecond();
        boolean isNewer = validation != null && (fileTime == null || validation.issuedAt() >= fileTime);
        Map<String, Object> entitlements = isNewer ? validation.entitlements() : file == null ? Map.of() : file.entitlements();
        Long maxUsers = isNewer ? validation.maxUsers() : file == null ? null : (Long) file.maxUsers();
        String ends = isNewer ? validation.validUntil() : file == null ? null : file.licenseEndsText();
        String grace = isNewer ? validation.graceEnds() : file == null ? null : file.graceEndsText();
        Long checkedAt = validation != null ? (Long) validation.issuedAt() : fileTime;
        return new LicenseStatus(state, reason, code, entitlements, maxUsers, FileClaims.day(ends), FileClaims.day(grace),
                file == null ? null : file.ends(), checkedAt == null ? null : Instant.ofEpochSecond(checkedAt), file, error,
                kept.error());
    }

    /** The status, which listeners get when the state is another one. */
    LicenseStatus tell() {
        LicenseStatus status = status();
        listeners.tell(status);
        return status;
    }

    void setError(LatchkeyException given) {
        error = given;
    }

    void setLeaseEnds(Instant given) {
        leaseEnds = given;
    }

    /** @throws LatchkeyException when there is none */
    String licenseKey() {
        String key = kept.read().licenseKey();
        if (key != null) return key;
        throw new LatchkeyException(LatchkeyException.NOT_ACTIVATED, "There is no license on this device yet.", 0, null);
    }

    /** Seconds until the next refresh: within the interval, a third of the activation's time at the latest, at least a minute. */
    double untilNext() {
        // Between nine tenths and the whole: many apps that were started at once do not stay together.
        double interval = Retry.seconds(settings.refreshInterval()) * (0.9 + settings.fraction() / 10);
        Instant lease = leaseEnds;
        if (lease != null) interval = Math.min(interval, (lease.getEpochSecond() - settings.exactNow()) / 3);
        LatchkeyException last = error;
        double asked = last == null ? 0 : Objects.requireNonNullElse(last.retryAfter(), 0.0);
        return Math.max(60, Math.max(interval, asked));
    }
}
