// Ranges of versions as npm writes them: comparators (">=2.0.0 <3.0.0"), "^", "~", parts that may be anything ("2.x"),
// hyphens ("1.0 - 2.5") and alternatives ("||"), for versions with any number of parts. A pre-release counts as the version
// that it leads to, unless the range names a pre-release: 3.0.0-beta is not in "<3.0.0", and 2.0.0-beta is in ">=2.0.0".

package latchkey

import (
	"regexp"
	"strings"
)

// versionRange has alternatives, of which one has to contain a version.
type versionRange []bounds

// bounds are those of one alternative; nil: any version.
type bounds struct{ from, to *bound }

type bound struct {
	version    version
	isIncluded bool
}

// partial is a version whose last parts may be left out or "x".
type partial struct {
	// numbers are the parts that are given.
	numbers    []int64
	isOpen     bool
	preRelease string
}

var (
	partialForm = regexp.MustCompile(
		`^v?((?:[0-9]{1,15}|[xX*])(?:\.(?:[0-9]{1,15}|[xX*]))*)(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]+)?$`)
	hyphenated = regexp.MustCompile(`^(\S+)\s+-\s+(\S+)$`)
	comparator = regexp.MustCompile(`^(<=|>=|<|>|=|\^|~>?)?(.+)$`)
	apart      = regexp.MustCompile(`(<=|>=|<|>|=|\^|~>?)\s+`)
)

// parseVersionRange is false for a text that is no range, or contains no version at all, as ">3 <2" does.
func parseVersionRange(text string) (versionRange, bool) {
	var alternatives versionRange
	for _, alternative := range strings.Split(text, "||") {
		parsed, ok := parseAlternative(strings.TrimSpace(alternative))
		if !ok {
			return nil, false
		}
		if !parsed.isEmpty() {
			alternatives = append(alternatives, parsed)
		}
	}
	return alternatives, len(alternatives) > 0
}

func (r versionRange) has(version version) bool {
	for _, one := range r {
		if one.from.isBelow(version, 1) && one.to.isBelow(version, -1) {
			return true
		}
	}
	return false
}

// isBelow reports whether a bound admits a version: as the lowest (direction 1) or as the greatest (-1).
func (b *bound) isBelow(version version, direction int) bool {
	if b == nil {
		return true
	}
	if len(b.version.preRelease) == 0 {
		// The version that a pre-release leads to.
		version.preRelease = nil
	}
	order := compareVersions(version, b.version) * direction
	return order > 0 || order == 0 && b.isIncluded
}

func (b bounds) isEmpty() bool {
	if b.from == nil || b.to == nil {
		return false
	}
	order := compareVersions(b.from.version, b.to.version)
	return order > 0 || order == 0 && !(b.from.isIncluded && b.to.isIncluded)
}

func parseAlternative(text string) (bounds, bool) {
	parts := []string{}
	if ends := hyphenated.FindStringSubmatch(text); ends != nil {
		parts = append(parts, ">="+ends[1], "<="+ends[2])
	} else {
		// An operator may stand apart from its version: ">= 2.0.0".
		parts = strings.Fields(apart.ReplaceAllString(text, "$1"))
	}
	var all bounds
	for _, part := range parts {
		one, ok := parseComparator(part)
		if !ok {
			return bounds{}, false
		}
		all = bounds{stricter(all.from, one.from, 1), stricter(all.to, one.to, -1)}
	}
	return all, len(parts) > 0
}

func stricter(one, other *bound, direction int) *bound {
	if one == nil {
		return other
	}
	if other == nil {
		return one
	}
	order := compareVersions(one.version, other.version) * direction
	if order > 0 || order == 0 && !one.isIncluded {
		return one
	}
	return other
}

func parseComparator(text string) (bounds, bool) {
	found := comparator.FindStringSubmatch(text)
	if found == nil {
		return bounds{}, false
	}
	operator := found[1]
	given, ok := parsePartial(found[2])
	if !ok {
		return bounds{}, false
	}
	if len(given.numbers) == 0 {
		// Any version; "<*" would contain none.
		return bounds{}, operator != "<" && operator != ">"
	}
	at := &bound{given.version(), true}
	excluded := &bound{at.version, false}
	last := len(given.numbers) - 1
	after := &bound{given.next(last), false}
	switch operator {
	case ">=":
		return bounds{from: at}, true
	case ">":
		if given.isOpen {
			return bounds{from: &bound{after.version, true}}, true
		}
		return bounds{from: excluded}, true
	case "<":
		return bounds{to: excluded}, true
	case "<=":
		if given.isOpen {
			return bounds{to: after}, true
		}
		return bounds{to: at}, true
	case "^":
		return bounds{at, &bound{given.next(given.significant()), false}}, true
	case "~", "~>":
		part := 1
		if last < part {
			part = last
		}
		return bounds{at, &bound{given.next(part), false}}, true
	}
	if given.isOpen {
		return bounds{at, after}, true
	}
	return bounds{at, at}, true
}

func parsePartial(text string) (partial, bool) {
	found := partialForm.FindStringSubmatch(text)
	if found == nil {
		return partial{}, false
	}
	given := partial{preRelease: found[2]}
	isAny := false
	for _, part := range strings.Split(found[1], ".") {
		if !exactNumber.MatchString(part) {
			isAny = true
			continue
		}
		if isAny {
			// In "1.x.3" nothing tells what is meant.
			return partial{}, false
		}
		given.numbers = append(given.numbers, numberOf(part).number)
	}
	given.isOpen = isAny || len(given.numbers) < 3
	return given, !given.isOpen || given.preRelease == ""
}

// significant is the part that "^" keeps: the first that is not 0, or the last that is given.
func (p partial) significant() int {
	for part, number := range p.numbers {
		if number > 0 {
			return part
		}
	}
	return len(p.numbers) - 1
}

// next is the first version in which a part is one higher.
func (p partial) next(part int) version {
	numbers := append([]int64(nil), p.numbers[:part+1]...)
	numbers[part]++
	return versionOf(numbers, nil)
}

func (p partial) version() version {
	numbers := append([]int64(nil), p.numbers...)
	if p.preRelease == "" {
		return versionOf(numbers, nil)
	}
	return versionOf(numbers, identifiersOf(p.preRelease))
}
