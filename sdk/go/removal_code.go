// Removal codes: what a device without a network shows when its license is given back.

package latchkey

import (
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"math/big"
	"strings"
)

// base32 has the digits of Crockford's base 32.
const base32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// removalCode is the removal code of a file.
func removalCode(activation, seq int64, key []byte) string {
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "removal\n%d\n%d", activation, seq)
	proof := new(big.Int).SetBytes(mac.Sum(nil)[:16])
	// 128 bits and two that are 0 are 26 digits.
	proof.Lsh(proof, 2)
	digits := inBase32(big.NewInt(activation), 1) + inBase32(big.NewInt(seq), 8) + inBase32(proof, 26)
	var groups []string
	for len(digits) > 5 {
		groups = append(groups, digits[:5])
		digits = digits[5:]
	}
	return strings.Join(append(groups, digits), "-")
}

// inBase32 writes a number with at least so many digits.
func inBase32(number *big.Int, length int) string {
	rest, radix, digit := new(big.Int).Set(number), big.NewInt(32), new(big.Int)
	var digits []byte
	for rest.Sign() > 0 || len(digits) < length {
		rest.DivMod(rest, radix, digit)
		digits = append([]byte{base32[digit.Int64()]}, digits...)
	}
	return string(digits)
}
