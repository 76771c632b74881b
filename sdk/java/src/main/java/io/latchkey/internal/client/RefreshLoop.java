package io.latchkey.internal.client;

import java.util.concurrent.Future;

/** Refreshing in the background: soon after the start, then in intervals, until the client is stopped. */
public final class RefreshLoop {
    /** The first refresh comes within so many seconds after the start. */
    private static final double FIRST = 5;
    private static final System.Logger LOG = System.getLogger("io.latchkey");

    private final ClientCore core;
    private final Refresher refresher;
    private Future<?> next;
    /** Counts the starts: a refresh that was under way at a stop plans no other. */
    private long run;
    private boolean isRunning;

    /**
     * The loop of a client.
     *
     * @param core the client
     * @param refresher its refreshes
     */
    public RefreshLoop(ClientCore core, Refresher refresher) {
        this.core = core;
        this.refresher = refresher;
    }

    /** Begins, unless it runs. */
    public synchronized void start() {
        if (isRunning) return;
        isRunning = true;
        core.api.start();
        schedule(FIRST * core.settings.fraction(), ++run);
    }

    /** Ends it, and the calls that are under way. */
    public void stop() {
        synchronized (this) {
            isRunning = false;
            run++;
            if (next != null) next.cancel(false);
            next = null;
        }
        core.api.stop();
    }

    private void schedule(double seconds, long own) {
        next = core.background.after(seconds, () -> turn(own));
    }

    private void turn(long own) {
        try {
            refresher.refresh();
        } catch (RuntimeException | Error error) {
            // A clock or storage of the app failed: the next refresh may not.
            LOG.log(System.Logger.Level.WARNING, "A refresh of the license failed.", error);
        }
        synchronized (this) {
            if (run == own) schedule(core.untilNext(), own);
        }
    }
}
