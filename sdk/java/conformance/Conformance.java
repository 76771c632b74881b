// The library driven from outside: reads one JSON object a line, makes its call, and writes one a line, in order.
import io.latchkey.Device;
import io.latchkey.LatchkeyException;
import io.latchkey.LicenseClient;
import io.latchkey.LicenseClientBuilder;
import io.latchkey.LicenseStatus;
import io.latchkey.PublicKey;
import io.latchkey.RetryPolicy;
import io.latchkey.Seats;
import io.latchkey.Storage;
import io.latchkey.Update;
import io.latchkey.Usage;
import io.latchkey.internal.json.JsonReader;
import io.latchkey.internal.json.JsonWriter;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Makes the calls of tests that all libraries pass. */
public final class Conformance {
    private LicenseClient client;
    private final List<String> states = new ArrayList<>();
    /** Nanoseconds since 1970 at which the clock stands; null: it is the system's, with the offset. */
    private volatile Instant now;
    private volatile Duration offset = Duration.ZERO;

    private Conformance() {}

    /**
     * Reads standard input until it ends.
     *
     * @param arguments none
     * @throws Exception when input or output fails
     */
    public static void main(String[] arguments) throws Exception {
        PrintStream output = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        Conformance program = new Conformance();
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            if (!line.isBlank()) output.println(JsonWriter.write(program.answer(JsonReader.readObject(line))));
        }
        if (program.client != null) program.client.close();
    }

    private Map<String, Object> answer(Map<String, Object> call) {
        try {
            return make(call);
        } catch (LatchkeyException error) {
            return object("error", of(error));
        } catch (IllegalArgumentException error) {
            return object("error", object("code", "INVALID_OPTIONS", "message", error.getMessage(), "status", 0L,
                    "request_id", null, "details", Map.of(), "retry_after", null));
        } catch (Exception | StackOverflowError error) {
            return object("error", object("code", "UNEXPECTED", "message", error.toString()));
        }
    }

    private Map<String, Object> make(Map<String, Object> call) throws Exception {
        switch (text(call, "call")) {
            case "open":
                open(call);
                return object("ok", true);
            case "clock":
                setClock(call);
                return object("ok", true);
            case "start":
                return status(client.start());
            case "status":
                return status(client.status());
            case "refresh":
                return status(client.refresh());
            case "activate":
                return status(client.activate(text(call, "license_key")));
            case "deactivate":
                return status(client.deactivate());
            case "deactivate_offline":
                return object("code", client.deactivateOffline());
            case "check_out":
                return status(client.checkOut(duration(call, "ttl"), Boolean.TRUE.equals(call.get("encrypt"))));
            case "check_in":
                return status(client.checkIn());
            case "install_file":
                return status(client.installFile(text(call, "file"), text(call, "license_key")));
            case "install_status_list":
                return status(client.installStatusList(text(call, "list")));
            case "offline_request":
                String key = text(call, "license_key");
                return object("text", call.get("encrypt") instanceof Boolean
                        ? client.offlineRequest(key, (Boolean) call.get("encrypt")) : client.offlineRequest(key));
            case "check_for_update":
                return update(client.checkForUpdate());
            case "seats_start":
                return session(client.seats().start());
            case "seats_end":
                client.seats().end();
                return object("ok", true);
            case "usage_increment":
                return meter(client.usage().increment(text(call, "meter"), amount(call)));
            case "usage_reserve":
                return meter(client.usage().reserve(text(call, "meter"), amount(call), duration(call, "ttl")));
            case "usage_commit":
                String reservation = text(call, "reservation");
                return meter(call.get("amount") == null ? client.usage().commit(reservation)
                        : client.usage().commit(reservation, amount(call)));
            case "usage_release":
                return meter(client.usage().release(text(call, "reservation")));
            case "changes":
                synchronized (states) {
                    List<String> heard = new ArrayList<>(states);
                    states.clear();
                    return object("states", heard);
                }
            case "stop":
                client.stop();
                return object("ok", true);
            case "parallel":
                return object("results", parallel((List<?>) call.get("calls")));
            default:
                return object("error", object("code", "UNKNOWN_CALL", "message", text(call, "call")));
        }
    }

    private List<Object> parallel(List<?> calls) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(calls.size());
        try {
            List<Future<Map<String, Object>>> running = new ArrayList<>();
            for (Object call : calls) running.add(threads.submit(() -> answer(JsonReader.asObject(call))));
            List<Object> results = new ArrayList<>();
            for (Future<Map<String, Object>> one : running) results.add(one.get());
            return results;
        } finally {
            threads.shutdown();
        }
    }

    private void open(Map<String, Object> call) {
        if (client != null) client.close();
        now = null;
        offset = Duration.ZERO;
        if (call.get("now") != null) setClock(call);
        LicenseClientBuilder builder = LicenseClient.builder()
                .url(text(call, "url")).apiKey(text(call, "api_key")).product(text(call, "product"))
                .version(text(call, "version")).released(text(call, "released"))
                .publicKeys(PublicKey.parse(JsonWriter.write(call.get("public_keys"))))
                .device(device(call)).deviceName(text(call, "device_name"))
                .clock(() -> now == null ? Instant.now().plus(offset) : now);
        if (call.get("file") != null) builder.storage(Storage.file(Path.of(text(call, "file"))));
        if (call.get("fresh_for") != null) builder.freshFor(duration(call, "fresh_for"));
        if (call.get("offline_grace") != null) builder.offlineGrace(duration(call, "offline_grace"));
        if (call.get("refresh_interval") != null) builder.refreshInterval(duration(call, "refresh_interval"));
        if (call.get("timeout") != null) builder.timeout(duration(call, "timeout"));
        if ("ones".equals(call.get("random"))) builder.random(() -> 0x0101010101010101L);
        RetryPolicy retries = RetryPolicy.DEFAULT;
        if (call.get("first_delay") != null) {
            retries = new RetryPolicy(retries.attempts(), duration(call, "first_delay"), retries.longestDelay(),
                    retries.longestWait());
        }
        if (call.get("attempts") != null) retries = retries.withAttempts(((Long) call.get("attempts")).intValue());
        client = builder.retries(retries).build();
        synchronized (states) {
            states.clear();
        }
        client.onChange(status -> {
            synchronized (states) {
                states.add(status.state().toString());
            }
        });
    }

    private static Device device(Map<String, Object> call) {
        Map<String, String> components = new LinkedHashMap<>();
        Map<String, Object> given = JsonReader.asObject(call.get("components"));
        if (given != null) given.forEach((name, value) -> components.put(name, (String) value));
        String fingerprint = text(call, "fingerprint");
        return fingerprint == null ? null : new Device(fingerprint, components);
    }

    private void setClock(Map<String, Object> call) {
        now = call.get("now") == null ? null : Instant.EPOCH.plus(duration(call, "now"));
        offset = call.get("offset") == null ? Duration.ZERO : duration(call, "offset");
    }

    private static Map<String, Object> status(LicenseStatus status) {
        return object("status", object("state", status.state().toString(), "usable", status.usable(), "reason",
                status.reason(), "code", status.code(), "entitlements", status.entitlements(), "max_users",
                status.maxUsers(), "license_ends", text(status.licenseEnds()), "grace_ends", text(status.graceEnds()),
                "file_ends", seconds(status.fileEnds()), "checked_at", seconds(status.checkedAt()), "file",
                status.file() == null ? null : status.file().toMap(), "error",
                status.error() == null ? null : of(status.error()), "storage_error", text(status.storageError())));
    }

    private static Map<String, Object> of(LatchkeyException error) {
        return object("code", error.code(), "message", error.getMessage(), "status", (long) error.status(), "request_id",
                error.requestId(), "details", error.details(), "retry_after", error.retryAfter());
    }

    private static Map<String, Object> update(Update update) {
        return object("update", object("available", update.available(), "latest_version", update.latestVersion(),
                "download_url", update.downloadUrl(), "release_notes", update.releaseNotes(), "is_mandatory",
                update.isMandatory()));
    }

    private static Map<String, Object> session(Seats.Session session) {
        return object("session", object("id", session.id(), "expires_at", session.expiresAt().toEpochMilli(),
                "active_sessions", session.activeSessions(), "max_users", session.maxUsers()));
    }

    private static Map<String, Object> meter(Usage.Meter meter) {
        Map<String, Object> members = object("id", meter.id(), "used", meter.used(), "reserved", meter.reserved(), "limit",
                meter.limit(), "remaining", meter.remaining());
        if (meter.reservation() != null) members.put("reservation", meter.reservation());
        if (meter.expiresAt() != null) members.put("expires_at", meter.expiresAt().toEpochMilli());
        return object("meter", members);
    }

    private static long amount(Map<String, Object> call) {
        return call.get("amount") == null ? 1 : (Long) call.get("amount");
    }

    private static Duration duration(Map<String, Object> call, String name) {
        Object seconds = call.get(name);
        return seconds == null ? null : Duration.ofNanos(Math.round(((Number) seconds).doubleValue() * 1e3) * 1_000_000);
    }

    private static Long seconds(Instant time) {
        return time == null ? null : time.getEpochSecond();
    }

    private static String text(Object value) {
        return value == null ? null : value.toString();
    }

    private static String text(Map<String, Object> call, String name) {
        return (String) call.get(name);
    }

    private static Map<String, Object> object(Object... members) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int at = 0; at < members.length; at += 2) object.put((String) members[at], members[at + 1]);
        return object;
    }
}
