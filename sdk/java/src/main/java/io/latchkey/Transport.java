package io.latchkey;

import io.latchkey.internal.client.HttpTransport;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Sends requests: over HTTP by default, by anything else in tests and behind special proxies. It has to be thread-safe. */
@FunctionalInterface
public interface Transport {
    /**
     * Sends a request and reads the whole answer.
     *
     * @param request the request
     * @return the answer, whatever its status
     * @throws IOException when the server was not reached
     * @throws InterruptedException when the call is ended; the library interrupts it after the time limit and by
     *     {@link LicenseClient#stop()}
     */
    Response send(Request request) throws IOException, InterruptedException;

    /**
     * A request.
     *
     * @param method GET or POST
     * @param url the address
     * @param headers by name
     * @param body JSON; null with GET
     * @param timeout how long the library waits for the whole answer
     */
    record Request(String method, String url, Map<String, String> headers, String body, Duration timeout) {}

    /**
     * An answer.
     *
     * @param status the HTTP status
     * @param headers by name, in any case; the last one of each name
     * @param body the whole body, decoded as UTF-8
     */
    record Response(int status, Map<String, String> headers, String body) {
        /**
         * An answer.
         *
         * @param status the HTTP status
         * @param headers by name, in any case
         * @param body the whole body
         */
        public Response {
            Objects.requireNonNull(body, "body");
            Map<String, String> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            copy.putAll(headers);
            headers = copy;
        }
    }

    /**
     * The default: {@link HttpClient} with the proxy settings of the platform, without following redirects, so that the API key
     * goes to no other server. An answer of more than 4 MiB is given up while it is read.
     *
     * @return a new transport
     */
    static Transport http() {
        return new HttpTransport();
    }

    /**
     * Sends with an {@link HttpClient} of the app, which has its own proxy or certificate authorities.
     *
     * @param client one that follows no redirects, or else the API key may go to other servers
     * @return a new transport
     */
    static Transport http(HttpClient client) {
        return new HttpTransport(Objects.requireNonNull(client, "client"));
    }
}
