// The text form of a license file, which survives e-mail and clipboards: base64url in lines between two markers.

package latchkey

import "strings"

const (
	beginFile = "-----BEGIN LATCHKEY LICENSE-----"
	endFile   = "-----END LATCHKEY LICENSE-----"
)

var withoutBlanks = strings.NewReplacer(" ", "", "\t", "", "\r", "", "\n", "")

// contentOfFile returns the JWS or JWE in the text of a license file.
func contentOfFile(file string) (string, *refusal) {
	if len(file) > maxLength {
		return "", malformed("The text is too long for a license file.")
	}
	_, after, hasBegin := strings.Cut(file, beginFile)
	content, _, hasEnd := strings.Cut(after, endFile)
	if !hasBegin || !hasEnd {
		return "", malformed("The text has no license file, or not all of it.")
	}
	return withoutBlanks.Replace(content), nil
}

// inLines breaks text into lines of at most 64 characters; text is ASCII.
func inLines(text string) string {
	const length = 64
	var lines []string
	for len(text) > length {
		lines = append(lines, text[:length])
		text = text[length:]
	}
	return strings.Join(append(lines, text), "\n")
}
