// Versions of apps as they report them: semantic, or with "v", fewer or more parts, build metadata and words after them.

package latchkey

import (
	"regexp"
	"strings"
	"unicode"
)

var (
	semantic = regexp.MustCompile(`^-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)(?:\+.*)?$`)
	// A pre-release in words: " beta", " (Beta 3)", "rc1", "b4".
	inWords    = regexp.MustCompile(`^[\s._,-]*\(?\s*(alpha|beta|rc|release candidate|preview|pre|dev|nightly|canary|snapshot|a|b)`)
	separators = regexp.MustCompile(`^[\s._-]*`)
	digits     = regexp.MustCompile(`^[0-9]+`)
)

var longForms = map[string]string{"a": "alpha", "b": "beta", "release candidate": "rc"}

// isVersionInRange reports whether a range such as ">=2.0.0 <3.0.0" has a version. A version that cannot be read is in
// each range, in a range that cannot be read is none.
func isVersionInRange(text, given string) bool {
	bounds, isRange := parseVersionRange(given)
	if !isRange {
		return false
	}
	parsed, isVersion := parseVersion(text)
	return !isVersion || bounds.has(parsed)
}

// parseVersion reads a version; false when the text does not begin with a number.
func parseVersion(text string) (version, bool) {
	text = strings.ToLower(strings.TrimSpace(strings.Map(narrow, text)))
	text = strings.TrimPrefix(strings.TrimPrefix(text, "v"), ".")
	text = strings.TrimLeftFunc(text, unicode.IsSpace)
	numeric := text[:len(text)-len(strings.TrimLeft(text, "0123456789."))]
	numeric = strings.TrimRight(numeric, ".")
	numbers, ok := numbersOf(numeric)
	if !ok {
		return version{}, false
	}
	rest := text[len(numeric):]
	if found := semantic.FindStringSubmatch(rest); found != nil {
		return versionOf(numbers, identifiersOf(found[1])), true
	}
	return versionOf(numbers, wordsOf(rest)), true
}

// wordsOf reads a pre-release that is written in words; nil when there is none.
func wordsOf(rest string) []identifier {
	found := inWords.FindStringSubmatch(rest)
	if found == nil {
		return nil
	}
	name, after := found[1], rest[len(found[0]):]
	separator := separators.FindString(after)
	count := digits.FindString(after[len(separator):])
	isCounted := len(count) >= 1 && len(count) <= 15 && !beginsWord(after[len(separator)+len(count):])
	// "a" and "b" count with a number right after them only, and no word may go on.
	if isCounted && (len(name) > 1 || separator == "") {
		return []identifier{{word: longForm(name)}, numberOf(count)}
	}
	if len(name) > 1 && (separator != "" || !beginsWord(after)) {
		return []identifier{{word: longForm(name)}}
	}
	return nil
}

func longForm(name string) string {
	if long, isShort := longForms[name]; isShort {
		return long
	}
	return name
}

func beginsWord(text string) bool {
	return text != "" && (text[0] >= 'a' && text[0] <= 'z' || text[0] >= '0' && text[0] <= '9')
}

// narrow replaces full-width characters, which Japanese keyboards type, and ideographic blanks.
func narrow(r rune) rune {
	switch {
	case r >= 0xff01 && r <= 0xff5e:
		return r - 0xfee0
	case r == 0x3000:
		return ' '
	}
	return r
}
