package io.latchkey.internal.format;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Ranges of versions as npm writes them: comparators ({@code >=2.0.0 <3.0.0}), "^", "~", parts that may be anything ("2.x"), hyphens
 * ("1.0 - 2.5") and alternatives ("||"), for versions with any number of parts. A pre-release counts as the version that it
 * leads to, unless the range names a pre-release: 3.0.0-beta is not in {@code <3.0.0}, and 2.0.0-beta is in {@code >=2.0.0}.
 */
public final class VersionRange {
    private static final String SPACE = "[" + Spaces.CLASS + "]";
    private static final String WORD = "[^" + Spaces.CLASS + "]+";
    private static final Pattern HYPHENATED = Pattern.compile("(" + WORD + ")" + SPACE + "+-" + SPACE + "+(" + WORD + ")");
    private static final Pattern APART = Pattern.compile("(<=|>=|<|>|=|\\^|~>?)" + SPACE + "+");
    private static final Pattern COMPARATOR = Pattern.compile("(<=|>=|<|>|=|\\^|~>?)?(.+)", Pattern.DOTALL);
    private static final Pattern FORM = Pattern.compile("v?(?:[0-9]{1,15}|[xX*])(?:\\.(?:[0-9]{1,15}|[xX*])){0,3}"
            + "(?:-(" + Version.IDENTIFIERS + "))?(?:\\+[0-9A-Za-z.-]+)?");

    /** One end of an interval of versions. */
    private record Bound(Version version, boolean isIncluded) {
        boolean admits(Version other, int direction) {
            // A bound without a pre-release is compared with the version that a pre-release leads to.
            Version compared = version.preRelease().isEmpty() ? other.released() : other;
            int difference = compared.compareTo(version) * direction;
            return isIncluded ? difference >= 0 : difference > 0;
        }
    }

    /** The bounds of one alternative; null: any version. */
    private record Bounds(Bound from, Bound to) {
        boolean isEmpty() {
            if (from == null || to == null) return false;
            int difference = from.version().compareTo(to.version());
            return difference > 0 || difference == 0 && !(from.isIncluded() && to.isIncluded());
        }

        boolean contains(Version version) {
            return (from == null || from.admits(version, 1)) && (to == null || to.admits(version, -1));
        }

        Bounds and(Bounds other) {
            return new Bounds(stricter(from, other.from, 1), stricter(to, other.to, -1));
        }

        private static Bound stricter(Bound one, Bound other, int direction) {
            if (one == null || other == null) return one == null ? other : one;
            int difference = one.version().compareTo(other.version()) * direction;
            if (difference == 0) return one.isIncluded() ? other : one;
            return difference > 0 ? one : other;
        }
    }

    /** A version whose last parts may be left out or "x"; {@code numbers} are those that are given. */
    private record Partial(List<Long> numbers, boolean isOpen, String preRelease) {
        static Partial parse(String text) {
            Matcher form = FORM.matcher(text);
            if (!form.matches()) return null;
            String[] parts = text.replaceFirst("^v", "").split("[-+]", 2)[0].split("\\.");
            List<Long> numbers = new ArrayList<>();
            boolean isOpen = false;
            for (String part : parts) {
                boolean isNumber = Character.isDigit(part.charAt(0));
                // In "1.x.3" nothing tells what is meant.
                if (isOpen && isNumber) return null;
                isOpen |= !isNumber;
                if (isNumber) numbers.add(Long.valueOf(part));
            }
            isOpen |= numbers.size() < 3;
            return isOpen && form.group(1) != null ? null : new Partial(numbers, isOpen, form.group(1));
        }

        /** The part that "^" keeps: the first that is not 0, or the last that is given. */
        int significant() {
            int first = 0;
            while (first < numbers.size() - 1 && numbers.get(first) == 0) first++;
            return first;
        }

        /** The first version in which the part of that place is one higher. */
        Version next(int place) {
            List<Long> parts = new ArrayList<>(numbers.subList(0, place));
            parts.add(numbers.get(place) + 1);
            return Version.of(parts, List.of());
        }

        Bound bound(boolean isIncluded) {
            List<Object> identifiers = preRelease == null ? List.of() : Version.identifiers(preRelease);
            return new Bound(Version.of(numbers, identifiers), isIncluded);
        }
    }

    private VersionRange() {}

    /**
     * Whether a range has a version.
     *
     * @param version as the app reports it; one that cannot be read is in each range
     * @param range one that cannot be read has no version
     * @return whether the range has it
     */
    public static boolean contains(String version, String range) {
        List<Bounds> alternatives = new ArrayList<>();
        for (String alternative : range.split("\\|\\|", -1)) {
            Bounds bounds = alternative(Spaces.trim(alternative));
            if (bounds == null) return false;
            if (!bounds.isEmpty()) alternatives.add(bounds);
        }
        if (alternatives.isEmpty()) return false;
        Version parsed = Version.parse(version);
        return parsed == null || alternatives.stream().anyMatch(bounds -> bounds.contains(parsed));
    }

    private static Bounds alternative(String text) {
        Matcher hyphenated = HYPHENATED.matcher(text);
        if (hyphenated.matches()) {
            Bounds low = comparator(">=" + hyphenated.group(1));
            Bounds high = comparator("<=" + hyphenated.group(2));
            return low == null || high == null ? null : low.and(high);
        }
        Bounds bounds = null;
        // An operator may stand apart from its version: ">= 2.0.0".
        for (String part : APART.matcher(text).replaceAll("$1").split(SPACE + "+")) {
            if (part.isEmpty()) continue;
            Bounds more = comparator(part);
            if (more == null) return null;
            bounds = bounds == null ? more : bounds.and(more);
        }
        return bounds;
    }

    private static Bounds comparator(String text) {
        Matcher comparator = COMPARATOR.matcher(text);
        if (!comparator.matches()) return null;
        String operator = comparator.group(1) == null ? "=" : comparator.group(1);
        Partial partial = Partial.parse(comparator.group(2));
        if (partial == null) return null;
        // "any version" with an operator: "<*" would contain none.
        if (partial.numbers().isEmpty()) {
            return operator.equals("<") || operator.equals(">") ? null : new Bounds(null, null);
        }
        int last = partial.numbers().size() - 1;
        Bound at = partial.bound(true);
        Bound after = new Bound(partial.next(last), false);
        switch (operator) {
            case ">=":
                return new Bounds(at, null);
            case ">":
                return new Bounds(partial.isOpen() ? new Bound(after.version(), true) : partial.bound(false), null);
            case "<":
                return new Bounds(null, partial.bound(false));
            case "<=":
                return new Bounds(null, partial.isOpen() ? after : at);
            case "^":
                return new Bounds(at, new Bound(partial.next(partial.significant()), false));
            case "=":
                return new Bounds(at, partial.isOpen() ? after : at);
            default:
                return new Bounds(at, new Bound(partial.next(Math.min(1, last)), false));
        }
    }
}
