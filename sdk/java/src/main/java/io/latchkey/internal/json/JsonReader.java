package io.latchkey.internal.json;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads JSON as RFC 8259 has it, in time and memory that grow with the text alone.
 *
 * <p>Objects are maps in the order of the text, lists are lists, both unmodifiable; of members with the same name the last one
 * counts. Numbers are {@link Long} when they are whole and exact, as 1, 1.0 and 1e3 are, and {@link Double} otherwise.
 */
public final class JsonReader {
    /** Objects and lists in each other. Deeper ones would exhaust the stack. */
    private static final int MAX_DEPTH = 32;
    /** Up to here a floating-point number is exact. */
    private static final double MAX_WHOLE = 9_007_199_254_740_991.0;

    private final String text;
    private int at;

    private JsonReader(String text) {
        this.text = text;
    }

    /**
     * Reads a text.
     *
     * @param text one value, with white space around it
     * @return a map, list, text, number or boolean; null for null
     * @throws JsonException when it is no JSON, or nested more than 32 deep
     */
    public static Object read(String text) throws JsonException {
        JsonReader reader = new JsonReader(text);
        reader.skipSpace();
        Object value = reader.value(MAX_DEPTH);
        reader.skipSpace();
        if (reader.at < text.length()) throw reader.unexpected();
        return value;
    }

    /**
     * Reads an object.
     *
     * @param text one object
     * @return its members
     * @throws JsonException when it is none
     */
    public static Map<String, Object> readObject(String text) throws JsonException {
        Map<String, Object> object = asObject(read(text));
        if (object == null) throw new JsonException("The JSON is not an object.");
        return object;
    }

    /**
     * The members of a value that is an object.
     *
     * @param value as {@link #read} returns it
     * @return null when it is no object
     */
    @SuppressWarnings("unchecked") // Names of members are texts.
    public static Map<String, Object> asObject(Object value) {
        return value instanceof Map ? (Map<String, Object>) value : null;
    }

    private Object value(int depth) throws JsonException {
        if (at >= text.length()) throw unexpected();
        char first = text.charAt(at);
        switch (first) {
            case '{':
                return object(depth);
            case '[':
                return list(depth);
            case '"':
                return string();
            case 't':
                return word("true", Boolean.TRUE);
            case 'f':
                return word("false", Boolean.FALSE);
            case 'n':
                return word("null", null);
            default:
                return number();
        }
    }

    private Map<String, Object> object(int depth) throws JsonException {
        open(depth);
        Map<String, Object> members = new LinkedHashMap<>();
        if (!isNext('}')) {
            do {
                skipSpace();
                if (at >= text.length() || text.charAt(at) != '"') throw unexpected();
                String name = string();
                skipSpace();
                if (!isNext(':')) throw unexpected();
                skipSpace();
                members.put(name, value(depth - 1));
                skipSpace();
            } while (isNext(','));
            if (!isNext('}')) throw unexpected();
        }
        return Collections.unmodifiableMap(members);
    }

    private List<Object> list(int depth) throws JsonException {
        open(depth);
        List<Object> values = new ArrayList<>();
        if (!isNext(']')) {
            do {
                skipSpace();
                values.add(value(depth - 1));
                skipSpace();
            } while (isNext(','));
            if (!isNext(']')) throw unexpected();
        }
        return Collections.unmodifiableList(values);
    }

    private void open(int depth) throws JsonException {
        if (depth == 0) throw new JsonException("The JSON is nested too deep.");
        at++;
        skipSpace();
    }

    private String string() throws JsonException {
        int begin = ++at;
        StringBuilder read = null;
        while (at < text.length()) {
            char character = text.charAt(at++);
            if (character == '"') {
                return read == null ? text.substring(begin, at - 1) : read.toString();
            }
            if (character < ' ') break;
            if (character == '\\') {
                if (read == null) read = new StringBuilder().append(text, begin, at - 1);
                read.append(escaped());
            } else if (read != null) {
                read.append(character);
            }
        }
        throw unexpected();
    }

    private char escaped() throws JsonException {
        if (at >= text.length()) throw unexpected();
        char character = text.charAt(at++);
        switch (character) {
            case '"':
            case '\\':
            case '/':
                return character;
            case 'b':
                return '\b';
            case 'f':
                return '\f';
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'u':
                int code = 0;
                for (int digit = 0; digit < 4; digit++) {
                    int value = at < text.length() ? hexadecimal(text.charAt(at)) : -1;
                    if (value < 0) throw unexpected();
                    code = code * 16 + value;
                    at++;
                }
                return (char) code;
            default:
                throw unexpected();
        }
    }

    /** Not {@link Character#digit}, which takes digits of other scripts too. */
    private static int hexadecimal(char digit) {
        if (digit >= '0' && digit <= '9') return digit - '0';
        int letter = (digit | 0x20) - 'a';
        return letter >= 0 && letter < 6 && digit < 128 ? letter + 10 : -1;
    }

    private Object word(String word, Object value) throws JsonException {
        if (!text.startsWith(word, at)) throw unexpected();
        at += word.length();
        return value;
    }

    private Object number() throws JsonException {
        int begin = at;
        isNext('-');
        if (!isNext('0')) digits();
        if (isNext('.')) digits();
        if (isNext('e') || isNext('E')) {
            if (!isNext('+')) isNext('-');
            digits();
        }
        // BigDecimal would take an hour for the integer of 1e999999999; a double is infinite at once.
        double value = Double.parseDouble(text.substring(begin, at));
        if (value == Math.rint(value) && Math.abs(value) <= MAX_WHOLE) return (long) value;
        return value;
    }

    private void digits() throws JsonException {
        int begin = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') at++;
        if (at == begin) throw unexpected();
    }

    private boolean isNext(char character) {
        if (at >= text.length() || text.charAt(at) != character) return false;
        at++;
        return true;
    }

    private void skipSpace() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) at++;
    }

    private JsonException unexpected() {
        return new JsonException(
                at < text.length() ? "The text is not JSON at character " + at + "." : "The JSON ends too early.");
    }
}
