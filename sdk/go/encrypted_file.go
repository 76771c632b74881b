// Encrypted license files: JWE (RFC 7516) whose key follows from the license key and the fingerprint of the device.

package latchkey

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"strings"
	"unicode/utf8"
)

const (
	nonceLength = 12
	tagLength   = 16
)

// isEncrypted reports whether the content of a file is a JWE.
func isEncrypted(content string) bool { return strings.Count(content, ".") == 4 }

// decryptFile returns the JWS in an encrypted file. License key and fingerprint are those that were sent to checkout.
func decryptFile(jwe, licenseKey, fingerprint string) (string, *refusal) {
	parts := strings.Split(jwe, ".")
	header, refused := decodeObject(parts[0])
	if refused != nil {
		return "", refused
	}
	var decoded [3][]byte
	for index := range decoded {
		if decoded[index], refused = decodeBytes(parts[index+2]); refused != nil {
			return "", refused
		}
	}
	nonce, ciphertext, tag := decoded[0], decoded[1], decoded[2]
	_, hasCrit := header["crit"]
	_, hasZip := header["zip"]
	if parts[1] != "" || len(nonce) != nonceLength || len(tag) != tagLength || hasCrit || hasZip {
		return "", malformed("The encrypted file is damaged, or encrypted in a way that is not known.")
	}
	if header["typ"] != "license-file+jwe" || header["cty"] != "license-file+jwt" {
		return "", invalid("wrong_type", "The encrypted text is no license file.")
	}
	if header["alg"] != "dir" || header["enc"] != "A256GCM" {
		return "", invalid("wrong_algorithm", "The file is encrypted in a way that is not known.")
	}
	encodedSalt, isText := header["salt"].(string)
	if !isText {
		return "", malformed("The encrypted file has no salt.")
	}
	salt, refused := decodeBytes(encodedSalt)
	if refused != nil {
		return "", refused
	}
	key := hkdf([]byte(licenseKey+"\n"+fingerprint), salt, []byte("latchkey license file"))
	plaintext, err := openGCM(key, nonce, append(ciphertext, tag...), []byte(parts[0]))
	if err != nil {
		return "", &refusal{StateWrongMachine, "not_decrypted", "The license file was encrypted for another device."}
	}
	if !utf8.Valid(plaintext) {
		return "", malformed("The encrypted text is not UTF-8.")
	}
	return string(plaintext), nil
}

func openGCM(key, nonce, sealed, additional []byte) ([]byte, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	return gcm.Open(nil, nonce, sealed, additional)
}

// hkdf derives 32 bytes with HKDF-SHA-256 (RFC 5869). That is one block, so that its counter is always 1.
func hkdf(input, salt, info []byte) []byte {
	extract := hmac.New(sha256.New, salt)
	extract.Write(input)
	expand := hmac.New(sha256.New, extract.Sum(nil))
	expand.Write(info)
	expand.Write([]byte{1})
	return expand.Sum(nil)
}
