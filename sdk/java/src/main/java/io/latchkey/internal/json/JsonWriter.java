package io.latchkey.internal.json;

import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Writes JSON, on one line, of maps, lists, texts, numbers, booleans and null. */
public final class JsonWriter {
    private JsonWriter() {}

    /**
     * Writes a value. Numbers that JSON lacks, such as an infinite one, are null; a lone half of a pair of UTF-16 is escaped.
     *
     * @param value as {@link JsonReader#read} returns it
     * @return the text
     * @throws IllegalArgumentException for a value of another type, and one that is nested more than 100 deep
     */
    public static String write(Object value) {
        StringBuilder text = new StringBuilder();
        append(text, value, 100);
        return text.toString();
    }

    private static void append(StringBuilder text, Object value, int depth) {
        if (depth == 0) throw new IllegalArgumentException("The value is nested too deep for JSON.");
        if (value == null || value instanceof Boolean) {
            text.append(value);
        } else if (value instanceof CharSequence) {
            appendText(text, value.toString());
        } else if (value instanceof Number) {
            appendNumber(text, (Number) value);
        } else if (value instanceof Map) {
            appendMembers(text, (Map<?, ?>) value, depth);
        } else if (value instanceof List) {
            text.append('[');
            for (Iterator<?> values = ((List<?>) value).iterator(); values.hasNext();) {
                append(text, values.next(), depth - 1);
                if (values.hasNext()) text.append(',');
            }
            text.append(']');
        } else {
            throw new IllegalArgumentException("JSON has no " + value.getClass().getName() + ".");
        }
    }

    private static void appendMembers(StringBuilder text, Map<?, ?> members, int depth) {
        text.append('{');
        for (Iterator<? extends Map.Entry<?, ?>> entries = members.entrySet().iterator(); entries.hasNext();) {
            Map.Entry<?, ?> entry = entries.next();
            if (!(entry.getKey() instanceof CharSequence)) {
                throw new IllegalArgumentException("Names of members are texts, not " + entry.getKey() + ".");
            }
            appendText(text, entry.getKey().toString());
            text.append(':');
            append(text, entry.getValue(), depth - 1);
            if (entries.hasNext()) text.append(',');
        }
        text.append('}');
    }

    private static void appendNumber(StringBuilder text, Number number) {
        double value = number.doubleValue();
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            text.append("null");
        } else if (value == Math.rint(value) && Math.abs(value) < 9e15) {
            text.append((long) value);
        } else {
            text.append(number);
        }
    }

    private static void appendText(StringBuilder text, String value) {
        text.append('"');
        for (int at = 0; at < value.length(); at++) {
            char character = value.charAt(at);
            switch (character) {
                case '"':
                case '\\':
                    text.append('\\').append(character);
                    break;
                case '\b':
                    text.append("\\b");
                    break;
                case '\f':
                    text.append("\\f");
                    break;
                case '\n':
                    text.append("\\n");
                    break;
                case '\r':
                    text.append("\\r");
                    break;
                case '\t':
                    text.append("\\t");
                    break;
                default:
                    if (character < ' ' || isLone(value, at)) {
                        text.append(String.format("\\u%04x", (int) character));
                    } else {
                        text.append(character);
                    }
            }
        }
        text.append('"');
    }

    /** Whether a character is half of a pair without its other half; UTF-8 has no form for it. */
    private static boolean isLone(String text, int at) {
        char character = text.charAt(at);
        if (Character.isHighSurrogate(character)) {
            return at + 1 == text.length() || !Character.isLowSurrogate(text.charAt(at + 1));
        }
        return Character.isLowSurrogate(character) && (at == 0 || !Character.isHighSurrogate(text.charAt(at - 1)));
    }
}
