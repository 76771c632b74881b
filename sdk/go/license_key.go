// License keys: what is typed or pasted, as it is sent to the server, and whether it can be a key at all.

package latchkey

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

const (
	// maxPasted is how long text that holds a key may be, minKey and maxKey the key itself; UTF-16 units, as in all languages.
	maxPasted = 1000
	minKey    = 6
	maxKey    = 255
	// checksum is the value of each well-formed key at the generator of GF(32), as a polynomial.
	checksum = 15
)

var (
	uuidName   = regexp.MustCompile(`^URN:UUID:\{?`)
	uuidForm   = regexp.MustCompile(`^[0-9A-F]{32}$`)
	keyForm    = regexp.MustCompile(`^[0-9A-Z]{16}$`)
	lookAlikes = strings.NewReplacer("O", "0", "I", "1", "L", "1")
)

// TypedKey is a license key as it was typed.
type TypedKey struct {
	// Text is the key without what pasting added; this is sent to the server.
	Text string
	// Canonical is equal for keys that count as the same.
	Canonical string
	// ChecksumMismatch tells that it has the form of a generated key but a wrong check character: it was mistyped, or
	// imported by the vendor.
	ChecksumMismatch bool
}

// ReadLicenseKey reads a license key that was typed or pasted, without the network; false when it can be none. An app may
// use it to tell of a mistyped key while it is typed. Activate uses it by itself.
func ReadLicenseKey(typed string) (TypedKey, bool) {
	if !utf8.ValidString(typed) || utf16Length(typed) > maxPasted {
		return TypedKey{}, false
	}
	text := cleanKey(typed)
	key := strings.ReplaceAll(text, " ", "")
	if length := utf16Length(text); length < minKey || length > maxKey || strings.IndexFunc(key, unicode.IsControl) >= 0 {
		return TypedKey{}, false
	}
	upper := strings.ToUpper(key)
	undashed := strings.ReplaceAll(uuidName.ReplaceAllString(upper, ""), "-", "")
	if uuidForm.MatchString(undashed) {
		return TypedKey{Text: text, Canonical: undashed}, true
	}
	compact := lookAlikes.Replace(undashed)
	if !keyForm.MatchString(compact) {
		return TypedKey{Text: text, Canonical: upper}, true
	}
	// U is the only other letter that base 32 lacks.
	mismatch := strings.Contains(compact, "U") || checksumOf(compact) != checksum
	return TypedKey{Text: text, Canonical: compact, ChecksumMismatch: mismatch}, true
}

// sentKey is the key as it is sent: what cannot be a key is for the server to refuse.
func sentKey(typed string) string {
	if key, ok := ReadLicenseKey(typed); ok {
		return key.Text
	}
	return strings.ToValidUTF8(typed, "\ufffd")
}

func utf16Length(text string) int {
	if len(text) > 4*maxPasted {
		return maxPasted + 1
	}
	return len(utf16.Encode([]rune(text)))
}

func checksumOf(key string) int {
	value := 0
	for _, character := range key {
		value <<= 1
		if value&32 != 0 {
			value ^= 0b100101
		}
		value ^= strings.IndexRune(base32, character)
	}
	return value
}
