package io.latchkey.internal.client;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Calls to the License API, all of which can be ended at once. */
public final class Api {
    private final Settings settings;
    private final Background background;
    private final Set<Call> open = ConcurrentHashMap.newKeySet();
    private volatile boolean isStopped;

    Api(Settings settings, Background background) {
        this.settings = settings;
        this.background = background;
    }

    /** Begins a call, which has to be closed. */
    Call open() {
        Call call = new Call(settings, background, open::remove);
        open.add(call);
        if (isStopped) call.stop();
        return call;
    }

    /** Lets calls be made again. */
    void start() {
        isStopped = false;
    }

    /** Ends the calls that are open; later ones fail at once. */
    void stop() {
        isStopped = true;
        open.forEach(Call::stop);
    }
}
