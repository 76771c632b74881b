// Signed texts: compact JWS (RFC 7515) of Ed25519 (RFC 8032), verified with public keys that are compiled into the app.

package latchkey

import (
	"crypto/ed25519"
	"encoding/hex"
	"fmt"
	"strings"
)

// PublicKey is a public key of the product, as /.well-known/jwks/{product}.json has it.
type PublicKey struct {
	// ID is the member kid.
	ID string `json:"kid"`
	// X has the key's 32 bytes in base64url.
	X string `json:"x"`
}

// maxLength is how long a file or a status list may be; bytes.
const maxLength = 65536

// smallOrder has the points of small order in hexadecimal, without their sign: anyone can sign with them.
var smallOrder = map[string]bool{
	strings.Repeat("00", 32):                                           true,
	"01" + strings.Repeat("00", 31):                                    true,
	"ec" + strings.Repeat("ff", 30) + "7f":                             true,
	"ed" + strings.Repeat("ff", 30) + "7f":                             true,
	"ee" + strings.Repeat("ff", 30) + "7f":                             true,
	"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05": true,
	"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a": true,
}

// bytes are the key's bytes, if a signature can be trusted that they verify.
func (k PublicKey) bytes() (ed25519.PublicKey, *refusal) {
	key, refused := decodeBytes(k.X)
	// ed25519.Verify panics for keys of another length.
	if refused != nil || len(key) != ed25519.PublicKeySize {
		return nil, invalid("unknown_key", fmt.Sprintf("The public key %q has not 32 bytes.", k.ID))
	}
	unsigned := append([]byte(nil), key...)
	unsigned[31] &= 0x7f
	if smallOrder[hex.EncodeToString(unsigned)] {
		return nil, invalid("unknown_key", fmt.Sprintf("Anyone can sign with the public key %q.", k.ID))
	}
	return key, nil
}

// verifyJWS returns the claims of a signed text of the kind typ.
func verifyJWS(jws, typ string, keys []PublicKey) (map[string]any, *refusal) {
	if len(jws) > maxLength {
		return nil, malformed("The signed text is too long.")
	}
	parts := strings.Split(jws, ".")
	if len(parts) != 3 {
		return nil, malformed("The text is no JWS.")
	}
	header, refused := decodeObject(parts[0])
	if refused != nil {
		return nil, refused
	}
	claims, refused := decodeObject(parts[1])
	if refused != nil {
		return nil, refused
	}
	signature, refused := decodeBytes(parts[2])
	if refused != nil {
		return nil, refused
	}
	if _, isThere := header["crit"]; isThere {
		return nil, malformed("The header has crit, which is not known.")
	}
	if header["typ"] != typ {
		return nil, invalid("wrong_type", fmt.Sprintf("The text is not of the type %s.", typ))
	}
	if header["alg"] != "Ed25519" && header["alg"] != "EdDSA" {
		return nil, invalid("wrong_algorithm", "The text is not signed with Ed25519.")
	}
	key, refused := keyOf(header["kid"], keys)
	if refused != nil {
		return nil, refused
	}
	if !ed25519.Verify(key, []byte(parts[0]+"."+parts[1]), signature) {
		return nil, invalid("wrong_signature", "The signature is wrong.")
	}
	return claims, nil
}

func keyOf(id any, keys []PublicKey) (ed25519.PublicKey, *refusal) {
	for _, key := range keys {
		if id == key.ID {
			return key.bytes()
		}
	}
	return nil, invalid("unknown_key", fmt.Sprintf("The text is signed with a key that the app does not know: %v", id))
}
