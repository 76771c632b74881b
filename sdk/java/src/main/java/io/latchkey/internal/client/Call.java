package io.latchkey.internal.client;

import io.latchkey.LatchkeyException;
import io.latchkey.Transport;
import io.latchkey.internal.format.Text;
import io.latchkey.internal.json.JsonWriter;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** One action: its requests are repeated where that helps, and end when the client is stopped. */
public final class Call implements AutoCloseable {
    private final Settings settings;
    private final Background background;
    private final Consumer<Call> closed;
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();

    Call(Settings settings, Background background, Consumer<Call> closed) {
        this.settings = settings;
        this.background = background;
        this.closed = closed;
    }

    /** Ends it: a request that is on its way, and a delay. */
    void stop() {
        stopped.complete(null);
    }

    @Override
    public void close() {
        closed.accept(this);
    }

    /** What came of one attempt; the error is null when it is good. */
    private record Outcome(int status, String retryAfter, String text, CallError error) {}

    /**
     * Posts JSON that changes something, with one idempotency key for all attempts.
     *
     * @param body members that are null are not sent
     * @return the members of the answer
     */
    Map<String, Object> change(String path, Map<String, Object> body) throws CallError {
        return post(path, body, true);
    }

    /** Posts JSON that only asks. */
    Map<String, Object> ask(String path, Map<String, Object> body) throws CallError {
        return post(path, body, false);
    }

    private Map<String, Object> post(String path, Map<String, Object> body, boolean isChange) throws CallError {
        Map<String, Object> sent = new LinkedHashMap<>(body);
        sent.values().removeIf(value -> value == null);
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("content-type", "application/json");
        headers.put("accept", "application/json");
        headers.put("x-api-key", settings.apiKey());
        if (isChange) headers.put("idempotency-key", Text.hex(settings.randomBytes(16)));
        Outcome outcome = send("POST", settings.url() + path, headers, JsonWriter.write(sent), settings.retries().attempts());
        return Answers.members(outcome.status(), outcome.text());
    }

    /** Gets a text once from an address that a signed file names, without the API key. */
    String text(String url) throws CallError {
        return send("GET", url, Map.of(), null, 1).text();
    }

    private Outcome send(String method, String url, Map<String, String> headers, String body, int attempts)
            throws CallError {
        Transport.Request request = new Transport.Request(method, url, headers, body, settings.timeout());
        for (int attempt = 1;; attempt++) {
            Outcome outcome = attempt(request);
            if (outcome.error() == null) return outcome;
            OptionalDouble delay = stopped.isDone() ? OptionalDouble.empty()
                    : Retry.delay(outcome.status(), outcome.retryAfter(), attempt, settings.fraction(), settings.exactNow(),
                            settings.retries().withAttempts(attempts));
            if (delay.isEmpty() || !isWaited(delay.getAsDouble())) throw outcome.error();
        }
    }

    private Outcome attempt(Transport.Request request) {
        if (stopped.isDone()) return lost(new IOException("The client was stopped."));
        Future<Transport.Response> running = null;
        CompletableFuture<Transport.Response> answer = new CompletableFuture<>();
        try {
            running = background.run(() -> {
                try {
                    Transport.Response response = settings.transport().send(request);
                    if (response == null) throw new IOException("The transport gave no answer.");
                    answer.complete(response);
                } catch (Throwable error) {
                    // A transport of the app may fail in any way; it is an answer that did not come.
                    answer.completeExceptionally(error);
                }
                return null;
            });
            CompletableFuture.anyOf(answer, stopped).get(request.timeout().toMillis(), TimeUnit.MILLISECONDS);
            if (!answer.isDone()) return lost(new IOException("The client was stopped."));
            Transport.Response response = answer.get();
            String retryAfter = response.headers().get("retry-after");
            boolean isGood = response.status() >= 200 && response.status() < 300;
            LatchkeyException error = isGood ? null : Answers.refusal(response, settings.exactNow());
            String signature = isGood ? null : Answers.signature(response.body());
            return new Outcome(response.status(), retryAfter, response.body(),
                    error == null ? null : new CallError(error, signature));
        } catch (TimeoutException error) {
            return lost(new IOException("The request took too long.", error));
        } catch (ExecutionException error) {
            return lost(error.getCause());
        } catch (InterruptedException error) {
            Thread.currentThread().interrupt();
            stop();
            return lost(error);
        } finally {
            if (running != null) running.cancel(true);
        }
    }

    /** Waits; false when the call was ended meanwhile. */
    private boolean isWaited(double seconds) {
        try {
            stopped.get(Math.round(seconds * 1000), TimeUnit.MILLISECONDS);
            return false;
        } catch (TimeoutException error) {
            return true;
        } catch (InterruptedException error) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException error) {
            throw new IllegalStateException(error);
        }
    }

    private static Outcome lost(Throwable cause) {
        LatchkeyException error = new LatchkeyException(LatchkeyException.NETWORK_ERROR,
                "The license server was not reached.", 0, cause);
        return new Outcome(0, null, "", new CallError(error, null));
    }
}
