package io.latchkey.internal.client;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/** The threads of a client. They are daemons, which do not keep the app alive, and end while there is nothing to do. */
final class Background {
    private final ScheduledThreadPoolExecutor timer;
    private final ExecutorService workers;

    Background() {
        ThreadFactory daemons = work -> {
            Thread thread = new Thread(work, "latchkey");
            thread.setDaemon(true);
            return thread;
        };
        timer = new ScheduledThreadPoolExecutor(1, daemons);
        timer.setRemoveOnCancelPolicy(true);
        timer.setKeepAliveTime(10, TimeUnit.SECONDS);
        timer.allowCoreThreadTimeOut(true);
        workers = Executors.newCachedThreadPool(daemons);
    }

    /** Does something on a thread of its own. Cancelling interrupts it. */
    <T> Future<T> run(Callable<T> work) {
        return workers.submit(work);
    }

    /** Does something after a while. Work that has begun is not cancelled. */
    Future<?> after(double seconds, Runnable work) {
        long delay = Math.round(Math.min(Math.max(0, seconds), Duration.ofDays(365).toSeconds()) * 1000);
        return timer.schedule(() -> workers.execute(work), delay, TimeUnit.MILLISECONDS);
    }
}
