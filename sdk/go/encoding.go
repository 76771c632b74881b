// Bytes and texts: base64url without padding (RFC 4648, section 5), and hashes.

package latchkey

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
)

// encodeBytes encodes in base64url without padding.
func encodeBytes(data []byte) string { return base64.RawURLEncoding.EncodeToString(data) }

// decodeBytes decodes base64url. Text that is not what its bytes are encoded as is refused: it would be the same
// signature under another name.
func decodeBytes(text string) ([]byte, *refusal) {
	data, err := base64.RawURLEncoding.DecodeString(text)
	// The decoder skips line breaks, and bits beyond the last byte: the comparison finds both.
	if err != nil || encodeBytes(data) != text {
		return nil, malformed("The text is not base64url.")
	}
	return data, nil
}

// digest is SHA-256 in base64url.
func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return encodeBytes(sum[:])
}

// hexDigest is SHA-256 in hexadecimal.
func hexDigest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
