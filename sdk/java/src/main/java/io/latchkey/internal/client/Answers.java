package io.latchkey.internal.client;

import io.latchkey.LatchkeyException;
import io.latchkey.Transport;
import io.latchkey.internal.json.JsonException;
import io.latchkey.internal.json.JsonReader;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.OptionalDouble;

/** Answers of the server, and of whatever else answers in its place. */
final class Answers {
    private Answers() {}

    /** The members of a good answer. */
    static Map<String, Object> members(int status, String text) throws CallError {
        try {
            return JsonReader.readObject(withoutMark(text));
        } catch (JsonException error) {
            throw new CallError(untrusted("The answer is not that of a license server; a proxy or a sign-in page of the"
                    + " network may be between.", status), null);
        }
    }

    static LatchkeyException untrusted(String message, int status) {
        return new LatchkeyException(LatchkeyException.UNTRUSTED_ANSWER, message, status, null);
    }

    /** The error of a refusal; of an answer that is no error of the server, such as that of a proxy, by its status. */
    static LatchkeyException refusal(Transport.Response response, double now) {
        Map<String, Object> error = JsonReader.asObject(lenient(response.body()).get("error"));
        if (error == null) error = Map.of();
        Map<String, Object> details = JsonReader.asObject(error.get("details"));
        int status = response.status();
        String code = error.get("code") instanceof String ? (String) error.get("code") : "HTTP_" + status;
        String message = error.get("message") instanceof String
                ? (String) error.get("message")
                : "The server answered with the status " + status + ".";
        OptionalDouble retryAfter = Retry.retryAfter(response.headers().get("retry-after"), now);
        return new LatchkeyException(code, message, status, details == null ? Map.of() : details,
                response.headers().get("x-request-id"), retryAfter.isEmpty() ? null : retryAfter.getAsDouble(), null);
    }

    /** The signature of a refusal; null when it has none. */
    static String signature(String body) {
        Object signature = lenient(body).get("signature");
        return signature instanceof String ? (String) signature : null;
    }

    private static Map<String, Object> lenient(String body) {
        try {
            return JsonReader.readObject(withoutMark(body));
        } catch (JsonException error) {
            // A page of a proxy, for one.
            return Map.of();
        }
    }

    /** Programs of Windows put a byte order mark before texts. */
    private static String withoutMark(String text) {
        return text.startsWith("\ufeff") ? text.substring(1) : text;
    }

    static String text(Map<String, Object> answer, String name) {
        return answer.get(name) instanceof String ? (String) answer.get(name) : null;
    }

    /** A number of a good answer; null where it may be. */
    static Long number(Map<String, Object> answer, String name, boolean isNullable) {
        Object value = answer.get(name);
        if (value instanceof Long) return (Long) value;
        if (value == null && isNullable) return null;
        throw untrusted("The answer has no number " + name + ".", 200);
    }

    static String requireText(Map<String, Object> answer, String name) {
        String text = text(answer, name);
        if (text == null) throw untrusted("The answer has no text " + name + ".", 200);
        return text;
    }

    static Instant requireTime(Map<String, Object> answer, String name) {
        Instant time = time(answer, name);
        if (time == null) throw untrusted("The answer has no time " + name + ".", 200);
        return time;
    }

    /** A time; null when it is none. */
    static Instant time(Map<String, Object> answer, String name) {
        String text = text(answer, name);
        if (text == null) return null;
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException error) {
            return null;
        }
    }
}
