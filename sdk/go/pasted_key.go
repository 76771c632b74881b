// License keys as people paste them: from mail, PDF, chat and word processors, which change dashes, wrap lines, and add
// quotes and characters that cannot be seen.

package latchkey

import (
	"regexp"
	"strings"
	"unicode"
)

var (
	// lineBreak is one with the marks of quotation that mail programs put before the next line.
	lineBreak = regexp.MustCompile(`[\r\n\v\f\x{85}\x{2028}\x{2029}]+[\t \x{a0}]*(?:[>|][\t \x{a0}]*)*`)
	// dotted are I and i with a dot of their own, as programs that change case by Turkish rules make them.
	dotted = regexp.MustCompile(`([Ii])\x{307}+`)
	// dashes are Unicode's Dash_Punctuation, and what else is typed or printed for one: hyphen bullet, minus signs, box
	// drawings, the long vowel mark of Japanese keyboards, and U+001E, the non-breaking hyphen of Word in plain text.
	dashes = regexp.MustCompile(
		`[\p{Pd}\x{2d7}\x{2043}\x{207b}\x{208b}\x{2212}\x{2500}\x{2501}\x{2796}\x{30fc}\x{ff70}\x{1e}]`)
	blanks = regexp.MustCompile(`[` + blank + `]+`)
	// opening has quotes, brackets, bullets and the marks for quoted lines and bold text before a key.
	opening = regexp.MustCompile(`^[\p{Pi}\p{Pf}\p{Ps}"'` + "`" + `\x{b4}<>|*\x{2022}\x{b7}` + blank + `]+`)
	// closing has the same after a key, and the punctuation of the sentence it was in.
	closing = regexp.MustCompile(`[\p{Pi}\p{Pf}\p{Ps}\p{Pe}"'` + "`" + `\x{b4}>*.,;:\x{3001}\x{3002}` + blank + `]+$`)
)

// blank is white space as other languages have it too; for a class of a regular expression.
const blank = `\t\n\v\f\r\p{Z}\x{feff}`

// cleanKey is a key without what pasting added: dashes are "-", full-width characters ordinary ones; invisible characters
// and line breaks are removed, other white space is one blank; quotes, brackets and punctuation around it are removed.
// Case and all other characters stay, also in whether accents are characters of their own.
func cleanKey(text string) string {
	text = strings.Map(visible, text)
	text = lineBreak.ReplaceAllString(text, "")
	text = strings.Map(ordinary, text)
	text = dotted.ReplaceAllString(text, "$1")
	text = dashes.ReplaceAllString(text, "-")
	text = blanks.ReplaceAllString(text, " ")
	return closing.ReplaceAllString(opening.ReplaceAllString(text, ""), "")
}

// visible drops what cannot be seen: format characters (soft hyphen, zero-width space, BOM), others to be ignored, and
// Word's U+001F.
func visible(r rune) rune {
	if r == 0x2800 || r == 0x1f ||
		unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) {
		return -1
	}
	return r
}

// ordinary replaces full-width forms, the digits of Arabic and Persian keyboards, and the Turkish letters I.
func ordinary(r rune) rune {
	switch {
	case r >= 0xff01 && r <= 0xff5e:
		return r - 0xfee0
	case r >= 0x660 && r <= 0x669, r >= 0x6f0 && r <= 0x6f9:
		return '0' + r&15
	case r == 0x130:
		return 'I'
	case r == 0x131:
		return 'i'
	}
	return r
}
