package io.latchkey.internal.client;

import io.latchkey.Transport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Sends with {@code java.net.http}, which verifies TLS certificates. */
public final class HttpTransport implements Transport {
    /** An answer of more bytes than this is none of the server's. */
    private static final int MAX_ANSWER = 4_194_304;

    private volatile HttpClient client;

    /** Sends with a client that is made at the first request, as that takes a while. */
    public HttpTransport() {}

    /**
     * Sends with a client.
     *
     * @param client of the app
     */
    public HttpTransport(HttpClient client) {
        this.client = client;
    }

    @Override
    public Response send(Request request) throws IOException, InterruptedException {
        HttpRequest.BodyPublisher body = request.body() == null
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofString(request.body());
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(request.url())).method(request.method(), body);
        request.headers().forEach(builder::header);
        CompletableFuture<HttpResponse<byte[]>> answer =
                client().sendAsync(builder.build(), response -> new LimitedBody());
        try {
            // A time limit of HttpRequest would end with the headers; this one is for the body too.
            HttpResponse<byte[]> response = answer.get(request.timeout().toMillis(), TimeUnit.MILLISECONDS);
            TreeMap<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            response.headers().map().forEach((name, values) -> headers.put(name, values.get(values.size() - 1)));
            return new Response(response.statusCode(), headers, new String(response.body(), StandardCharsets.UTF_8));
        } catch (TimeoutException error) {
            throw new IOException("The request took too long.", error);
        } catch (ExecutionException error) {
            throw new IOException(error.getCause());
        } finally {
            // Closes the connection of an answer that is still on its way.
            answer.cancel(true);
        }
    }

    private HttpClient client() {
        HttpClient made = client;
        if (made != null) return made;
        synchronized (this) {
            if (client == null) {
                client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER).build();
            }
            return client;
        }
    }

    /** Reads a body up to the limit, and ends the connection beyond it. */
    private static final class LimitedBody implements HttpResponse.BodySubscriber<byte[]> {
        private final CompletableFuture<byte[]> body = new CompletableFuture<>();
        private final ByteArrayOutputStream read = new ByteArrayOutputStream();
        private Flow.Subscription subscription;

        @Override
        public CompletionStage<byte[]> getBody() {
            return body;
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(List<ByteBuffer> buffers) {
            if (body.isDone()) return;
            for (ByteBuffer buffer : buffers) {
                if (read.size() + buffer.remaining() > MAX_ANSWER) {
                    subscription.cancel();
                    body.completeExceptionally(new IOException("The answer is too large."));
                    return;
                }
                byte[] bytes = new byte[buffer.remaining()];
                buffer.get(bytes);
                read.write(bytes, 0, bytes.length);
            }
        }

        @Override
        public void onError(Throwable error) {
            body.completeExceptionally(error);
        }

        @Override
        public void onComplete() {
            body.complete(read.toByteArray());
        }
    }
}
