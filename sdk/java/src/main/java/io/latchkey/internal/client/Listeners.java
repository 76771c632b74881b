package io.latchkey.internal.client;

import io.latchkey.LicenseState;
import io.latchkey.LicenseStatus;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Tells listeners each new state, in order and one after another, while no lock is held: a listener may make calls itself. */
final class Listeners {
    private static final System.Logger LOG = System.getLogger("io.latchkey");

    private final List<Consumer<LicenseStatus>> listeners = new CopyOnWriteArrayList<>();
    private final Queue<LicenseStatus> waiting = new ArrayDeque<>();
    private LicenseState lastState;
    private boolean isDelivering;

    /** @return removes the listener */
    Runnable add(Consumer<LicenseStatus> listener) {
        // The same function may be added twice.
        Consumer<LicenseStatus> own = listener::accept;
        listeners.add(own);
        return () -> listeners.remove(own);
    }

    /** Notes a status; one with the same state as the last is not told. */
    synchronized void tell(LicenseStatus status) {
        if (status.state() == lastState) return;
        lastState = status.state();
        waiting.add(status);
    }

    /** Tells what was noted. While a thread does so, it tells what others note as well. */
    void deliver() {
        synchronized (this) {
            if (isDelivering) return;
            isDelivering = true;
        }
        while (true) {
            LicenseStatus status;
            synchronized (this) {
                status = waiting.poll();
                if (status == null) {
                    isDelivering = false;
                    return;
                }
            }
            for (Consumer<LicenseStatus> listener : listeners) call(listener, status);
        }
    }

    private static void call(Consumer<LicenseStatus> listener, LicenseStatus status) {
        try {
            listener.accept(status);
        } catch (Throwable error) {
            // It is the app's error, and must not end the refreshes.
            LOG.log(System.Logger.Level.WARNING, "A listener of the license failed.", error);
        }
    }
}
