// A version as it is compared: Semantic Versioning 2.0.0 (section 11), extended to any number of parts.

package latchkey

import (
	"regexp"
	"strconv"
	"strings"
)

// version has numbers part by part, without zeros at the end, and what follows in a pre-release.
type version struct {
	numbers    []int64
	preRelease []identifier
}

// identifier is a number or a word of a pre-release; word is empty for numbers.
type identifier struct {
	number int64
	word   string
}

var (
	wordWithCount = regexp.MustCompile(`^([a-z]+)([0-9]{1,15})$`)
	// Numbers of up to 15 digits are exact in every language.
	exactNumber = regexp.MustCompile(`^[0-9]{1,15}$`)
)

// compareVersions is negative when a is older: part by part, a pre-release before what it precedes.
func compareVersions(a, b version) int {
	for part := 0; part < len(a.numbers) || part < len(b.numbers); part++ {
		if order := compareNumbers(partOf(a.numbers, part), partOf(b.numbers, part)); order != 0 {
			return order
		}
	}
	if len(a.preRelease) == 0 || len(b.preRelease) == 0 {
		return len(b.preRelease) - len(a.preRelease)
	}
	for index, own := range a.preRelease {
		if index == len(b.preRelease) {
			return 1
		}
		if order := compareIdentifiers(own, b.preRelease[index]); order != 0 {
			return order
		}
	}
	return len(a.preRelease) - len(b.preRelease)
}

func partOf(numbers []int64, part int) int64 {
	if part < len(numbers) {
		return numbers[part]
	}
	return 0
}

func compareNumbers(a, b int64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// compareIdentifiers has numbers before words.
func compareIdentifiers(a, b identifier) int {
	switch {
	case a.word == "" && b.word == "":
		return compareNumbers(a.number, b.number)
	case a.word == "":
		return -1
	case b.word == "":
		return 1
	}
	return strings.Compare(a.word, b.word)
}

// identifiersOf reads a pre-release. "beta10" counts as "beta.10": by its characters it would be older than "beta9".
func identifiersOf(text string) []identifier {
	var found []identifier
	for _, part := range strings.Split(strings.ToLower(text), ".") {
		if counted := wordWithCount.FindStringSubmatch(part); counted != nil {
			found = append(found, identifier{word: counted[1]}, numberOf(counted[2]))
		} else if exactNumber.MatchString(part) {
			found = append(found, numberOf(part))
		} else {
			found = append(found, identifier{word: part})
		}
	}
	return found
}

func numberOf(digits string) identifier {
	number, _ := strconv.ParseInt(digits, 10, 64)
	return identifier{number: number}
}

// versionOf is the version with these numbers.
func versionOf(numbers []int64, preRelease []identifier) version {
	for len(numbers) > 1 && numbers[len(numbers)-1] == 0 {
		numbers = numbers[:len(numbers)-1]
	}
	return version{numbers, preRelease}
}

// numbersOf reads numbers with dots between them; false for other texts and for numbers that are not exact.
func numbersOf(text string) ([]int64, bool) {
	var numbers []int64
	for _, part := range strings.Split(text, ".") {
		if !exactNumber.MatchString(part) {
			return nil, false
		}
		numbers = append(numbers, numberOf(part).number)
	}
	return numbers, true
}
