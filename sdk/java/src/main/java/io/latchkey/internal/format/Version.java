package io.latchkey.internal.format;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A version of an app as it is reported: semantic (Semantic Versioning 2.0.0, section 11), or with "v", fewer or more parts,
 * build metadata and words after them.
 *
 * @param numbers part by part, without zeros at the end: 1.2 is 1.2.0
 * @param preRelease what follows in a pre-release, in lower case: "beta" and 3 for "beta.3" and "beta3"; empty for others
 */
record Version(List<Long> numbers, List<Object> preRelease) implements Comparable<Version> {
    /** Numbers of up to 15 digits are exact. The groups are possessive: others would use the stack for each part. */
    private static final String NUMBER = "[0-9]{1,15}(?![0-9])";
    static final String IDENTIFIERS = "[0-9A-Za-z-]++(?:\\.[0-9A-Za-z-]++)*+";
    private static final Pattern REPORTED = Pattern.compile(
            "v?\\.?[" + Spaces.CLASS + "]*(" + NUMBER + "(?:\\." + NUMBER + ")*+)(?![.0-9]*[0-9])(.*)",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final Pattern SEMANTIC =
            Pattern.compile("-(" + IDENTIFIERS + ")(?:\\+[^\\n\\r\\u2028\\u2029]*)?");
    /** A pre-release in words: " beta", " (Beta 3)", "rc1", "b4"; "a" and "b" count with a number only. */
    private static final Pattern WORDS = Pattern.compile(
            "[" + Spaces.CLASS + "._,-]*\\(?[" + Spaces.CLASS + "]*"
                    + "(?:(alpha|beta|rc|release candidate|preview|pre|dev|nightly|canary|snapshot)|(a|b)(?=[0-9]))"
                    + "[" + Spaces.CLASS + "._-]*([0-9]{1,15})?(?![a-z0-9])",
            Pattern.CASE_INSENSITIVE);
    private static final Map<String, String> LONG_FORMS = Map.of("a", "alpha", "b", "beta", "release candidate", "rc");
    private static final Pattern COUNTED = Pattern.compile("([a-z]+)([0-9]{1,15})");
    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,15}");

    /** A version; null when the text does not begin with a number. */
    static Version parse(String text) {
        Matcher reported = REPORTED.matcher(Spaces.trim(Normalizer.normalize(text, Normalizer.Form.NFKC)));
        if (!reported.matches()) return null;
        String rest = reported.group(2);
        Matcher semantic = SEMANTIC.matcher(rest);
        if (semantic.matches()) return of(reported.group(1), identifiers(semantic.group(1)));
        Matcher words = WORDS.matcher(rest);
        if (!words.lookingAt()) return of(reported.group(1), List.of());
        String word = (words.group(1) != null ? words.group(1) : words.group(2)).toLowerCase(Locale.ROOT);
        List<Object> preRelease = new ArrayList<>(List.of(LONG_FORMS.getOrDefault(word, word)));
        if (words.group(3) != null) preRelease.add(Long.valueOf(words.group(3)));
        return of(reported.group(1), preRelease);
    }

    /** The version with these numbers, separated by dots. */
    static Version of(String numbers, List<Object> preRelease) {
        List<Long> parts = new ArrayList<>();
        for (String part : numbers.split("\\.")) parts.add(Long.valueOf(part));
        return of(parts, preRelease);
    }

    static Version of(List<Long> numbers, List<Object> preRelease) {
        int length = numbers.size();
        while (length > 1 && numbers.get(length - 1) == 0) length--;
        return new Version(List.copyOf(numbers.subList(0, length)), List.copyOf(preRelease));
    }

    /** "beta10" counts as "beta.10", because by its characters it would be older than "beta9". */
    static List<Object> identifiers(String text) {
        List<Object> identifiers = new ArrayList<>();
        for (String identifier : text.toLowerCase(Locale.ROOT).split("\\.")) {
            Matcher counted = COUNTED.matcher(identifier);
            if (counted.matches()) {
                identifiers.add(counted.group(1));
                identifiers.add(Long.valueOf(counted.group(2)));
            } else {
                identifiers.add(DIGITS.matcher(identifier).matches() ? Long.valueOf(identifier) : identifier);
            }
        }
        return identifiers;
    }

    /** The same version without what makes it a pre-release. */
    Version released() {
        return new Version(numbers, List.of());
    }

    /** Part by part, a pre-release before what it precedes. */
    @Override
    public int compareTo(Version other) {
        for (int part = 0; part < Math.max(numbers.size(), other.numbers.size()); part++) {
            int difference = Long.compare(part(part), other.part(part));
            if (difference != 0) return difference;
        }
        if (preRelease.isEmpty() || other.preRelease.isEmpty()) {
            return Integer.compare(other.preRelease.size(), preRelease.size());
        }
        for (int at = 0; at < Math.min(preRelease.size(), other.preRelease.size()); at++) {
            int difference = compareIdentifiers(preRelease.get(at), other.preRelease.get(at));
            if (difference != 0) return difference;
        }
        return Integer.compare(preRelease.size(), other.preRelease.size());
    }

    private long part(int at) {
        return at < numbers.size() ? numbers.get(at) : 0;
    }

    /** Numbers come before words. */
    private static int compareIdentifiers(Object one, Object other) {
        if (one instanceof Long) return other instanceof Long ? Long.compare((Long) one, (Long) other) : -1;
        return other instanceof Long ? 1 : ((String) one).compareTo((String) other);
    }
}
