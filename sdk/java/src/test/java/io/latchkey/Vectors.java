package io.latchkey;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.latchkey.internal.json.JsonException;
import io.latchkey.internal.json.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/** The cases that every library passes: what is given and what comes of it. */
final class Vectors {
    private static final Path FOLDER = Path.of(System.getProperty("latchkey.vectors", "../vectors"));

    private Vectors() {}

    /** What a library makes of a case. */
    interface Run {
        Object result(Object given) throws Exception;
    }

    /** Compares all results of a file at once, so that a failure names each case. */
    static void compare(String kind, Run run) throws Exception {
        List<String> wrong = new ArrayList<>();
        for (Map<String, Object> one : cases(kind)) {
            Object found;
            try {
                found = run.result(one.get("given"));
            } catch (Exception | StackOverflowError error) {
                found = error;
            }
            if (!equal(one.get("expected"), found)) {
                wrong.add(one.get("name") + ": expected " + one.get("expected") + ", found " + found);
            }
        }
        assertEquals("", String.join("\n", wrong));
    }

    static List<Map<String, Object>> cases(String kind) throws IOException, JsonException {
        Path path = FOLDER.resolve(kind + ".json");
        // The folder of the library alone may be copied.
        Assumptions.assumeTrue(Files.exists(path), "There is no " + path);
        List<Map<String, Object>> cases = new ArrayList<>();
        for (Object one : list(JsonReader.readObject(Files.readString(path)).get("cases"))) cases.add(object(one));
        assertEquals(false, cases.isEmpty());
        return cases;
    }

    private static boolean equal(Object one, Object other) {
        if (one instanceof Number && other instanceof Number) {
            return Math.abs(((Number) one).doubleValue() - ((Number) other).doubleValue()) < 1e-9;
        }
        if (one instanceof List && other instanceof List) {
            List<?> these = (List<?>) one;
            List<?> others = (List<?>) other;
            if (these.size() != others.size()) return false;
            for (int at = 0; at < these.size(); at++) if (!equal(these.get(at), others.get(at))) return false;
            return true;
        }
        if (one instanceof Map && other instanceof Map) {
            Map<?, ?> these = (Map<?, ?>) one;
            Map<?, ?> others = (Map<?, ?>) other;
            return these.keySet().equals(others.keySet())
                    && these.keySet().stream().allMatch(name -> equal(these.get(name), others.get(name)));
        }
        return one == null ? other == null : one.equals(other);
    }

    static Map<String, Object> object(Object value) {
        return value == null ? Map.of() : JsonReader.asObject(value);
    }

    static List<?> list(Object value) {
        return value == null ? List.of() : (List<?>) value;
    }

    static String text(Map<String, Object> object, String name) {
        return (String) object.get(name);
    }

    static Map<String, String> texts(Object value) {
        Map<String, String> texts = new LinkedHashMap<>();
        object(value).forEach((name, text) -> texts.put(name, (String) text));
        return texts;
    }

    static Map<String, Long> numbers(Object value) {
        Map<String, Long> numbers = new LinkedHashMap<>();
        object(value).forEach((name, number) -> numbers.put(name, (Long) number));
        return numbers;
    }
}
