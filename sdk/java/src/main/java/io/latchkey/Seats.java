package io.latchkey;

import io.latchkey.internal.client.Sessions;
import java.time.Instant;

/** Sessions of concurrent users: one is started, renewed while the app runs, and ended with it. */
public final class Seats {
    private final Sessions sessions;

    Seats(Sessions sessions) {
        this.sessions = sessions;
    }

    /**
     * A session of a concurrent user.
     *
     * @param id the session's id
     * @param expiresAt when it ends unless it is renewed
     * @param activeSessions how many there are on the license
     * @param maxUsers how many there may be
     */
    public record Session(String id, Instant expiresAt, long activeSessions, long maxUsers) {}

    /**
     * Starts a session and renews it until it is ended, each time a third of its time is over. It waits for the network.
     *
     * @return the session; the same one when there is one already
     * @throws LatchkeyException {@code SESSION_LIMIT_REACHED} and others
     */
    public Session start() {
        return sessions.start();
    }

    /**
     * Ends the session. It waits for the network. Without a session nothing is done.
     *
     * @throws LatchkeyException when the server was not told; the session ends later then
     */
    public void end() {
        sessions.end();
    }

    /**
     * The session that was started.
     *
     * @return null: none, or it was lost
     */
    public Session session() {
        return sessions.session();
    }
}
