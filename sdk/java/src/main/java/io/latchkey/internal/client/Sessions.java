package io.latchkey.internal.client;

import io.latchkey.LatchkeyException;
import io.latchkey.Seats.Session;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Future;

/** The session of a client, which is renewed in the background. */
public final class Sessions {
    private final ClientCore core;
    private Session session;
    private Future<?> renewal;

    /**
     * The session of a client.
     *
     * @param core the client
     */
    public Sessions(ClientCore core) {
        this.core = core;
    }

    /**
     * The session.
     *
     * @return null: none
     */
    public synchronized Session session() {
        return session;
    }

    /**
     * Starts one.
     *
     * @return the session
     */
    public Session start() {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("license_key", core.licenseKey());
        body.put("hardware_hash", core.settings.device().fingerprint());
        Session before = session();
        body.put("session_id", before == null ? null : before.id());
        return core.apart(call -> keep(read(call.change("/api/license/session/start", body))));
    }

    /** Ends it. */
    public void end() {
        Session ended;
        synchronized (this) {
            ended = session;
            stop();
            session = null;
        }
        if (ended != null) core.apart(call -> call.change("/api/license/session/end", Map.of("session_id", ended.id())));
    }

    /** Ends renewing. The session ends by itself then. */
    public synchronized void stop() {
        if (renewal != null) renewal.cancel(false);
        renewal = null;
    }

    private static Session read(Map<String, Object> answer) {
        return new Session(Answers.requireText(answer, "session_id"), Answers.requireTime(answer, "expires_at"),
                Answers.number(answer, "active_sessions", false), Answers.number(answer, "max_users", false));
    }

    private synchronized Session keep(Session started) {
        session = started;
        double left = started.expiresAt().getEpochSecond() - core.settings.exactNow();
        // A third of its time, so that two renewals may fail; a minute where the clock is ahead, and an hour at most.
        schedule(left <= 0 ? 60 : Math.max(1, Math.min(3600, left / 3)));
        return started;
    }

    private synchronized void schedule(double seconds) {
        stop();
        renewal = core.background.after(seconds, this::renew);
    }

    private void renew() {
        Session current;
        Future<?> own;
        synchronized (this) {
            current = session;
            own = renewal;
            if (current == null || own == null) return;
        }
        Session renewed = null;
        boolean isLost = false;
        try {
            renewed = core.apart(call ->
                    read(call.change("/api/license/session/heartbeat", Map.of("session_id", current.id()))));
        } catch (LatchkeyException error) {
            isLost = error.status() >= 400 && error.status() < 500 && error.status() != 429;
        }
        synchronized (this) {
            // It was ended or started again meanwhile.
            if (session != current || renewal != own) return;
            if (renewed != null) {
                keep(renewed);
            } else if (isLost) {
                stop();
                session = null;
            } else {
                schedule(5);
            }
        }
    }
}
