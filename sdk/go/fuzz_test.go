// Fuzzing of what reads texts of others: no text may panic, and none without a signature may be believed.
// go test -fuzz FuzzReadFile -fuzztime 5m

package latchkey

import (
	"os"
	"path/filepath"
	"testing"
	"unicode/utf8"
)

// addVectors adds the files of the vectors as seeds, as far as they are beside this folder.
func addVectors(f *testing.F, add func(givenFile)) {
	paths, _ := filepath.Glob(filepath.Join(vectors, "file_*.json"))
	for _, path := range paths {
		name := filepath.Base(path)
		for _, one := range readVectors[givenFile, any](f, name[:len(name)-len(".json")]) {
			add(one.Given)
		}
	}
}

func FuzzReadFile(f *testing.F) {
	var given givenFile
	addVectors(f, func(one givenFile) {
		f.Add(one.File)
		given = one
	})
	f.Fuzz(func(t *testing.T, file string) {
		check := given.check()
		check.file, check.keys = file, []PublicKey{newKey()}
		if claims, refused := readFile(check); refused == nil {
			t.Errorf("it is believed: %+v", claims)
		}
	})
}

// newKey is a key with which nothing of the vectors is signed, and which has the kid of those.
func newKey() PublicKey {
	return PublicKey{ID: "UDDReOZl1ipXAfp9wYsm13sDBMK5og--QWdBjzuf6o4", X: "O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2ik"}
}

func FuzzClaims(f *testing.F) {
	addVectors(f, func(one givenFile) {
		if content, refused := contentOfFile(one.File); refused == nil {
			for _, part := range splitDots(content) {
				if data, refused := decodeBytes(part); refused == nil {
					f.Add(data)
				}
			}
		}
	})
	f.Fuzz(func(t *testing.T, data []byte) {
		object, refused := decodeObject(encodeBytes(data))
		if refused != nil {
			return
		}
		if claims, refused := checkFileClaims(object); refused == nil {
			trusted := claims.IssuedAt.Unix()
			check := fileCheck{app: app{"painter", "2.1.0", "2026-02-15"}, device: testDevice}
			if refusalOfFile(claims, check, nil, trusted) == nil {
				stateOfTerms(claims, check.app, dayOf(trusted))
			}
			removalCode(claims.Activation, claims.Seq, claims.removal)
		}
		readRecord(data)
	})
}

func splitDots(text string) (parts []string) {
	begin := 0
	for index := range text {
		if text[index] == '.' {
			parts = append(parts, text[begin:index])
			begin = index + 1
		}
	}
	return append(parts, text[begin:])
}

func FuzzReadRecord(f *testing.F) {
	if text, err := os.ReadFile(filepath.Join(vectors, "retries.json")); err == nil {
		f.Add(text)
	}
	text, _ := record{licenseKey: "a", seen: seen{removed: map[string]removedFile{"1": {2, "C"}}}}.write()
	f.Add(text)
	f.Fuzz(func(t *testing.T, text []byte) {
		read := readRecord(text)
		written, err := read.write()
		if err != nil || !isWhole(written) {
			t.Errorf("%q: %v", written, err)
		}
		again, err := readRecord(written).write()
		if err != nil || string(again) != string(written) {
			t.Errorf("%s is read as %s: %v", written, again, err)
		}
		localState(read, Options{Product: "painter", PublicKeys: []PublicKey{newKey()}, Device: testDevice}, 1772366400)
	})
}

func FuzzInflate(f *testing.F) {
	f.Add([]byte{0x78, 0x9c, 0x63, 0, 0, 0, 1, 0, 1})
	f.Fuzz(func(t *testing.T, compressed []byte) {
		if data, refused := inflate(compressed); refused == nil && len(data) > maxListBytes {
			t.Error(len(data))
		}
	})
}

func FuzzTexts(f *testing.F) {
	for _, seed := range []string{testKey, "> 3AHR-Z6DM-\n> V29G-QY5M", ">=2.0.0 <3.0.0-beta2 || ~1", "2.0 (Beta 3)", "1.0 - 2.5"} {
		f.Add(seed, seed)
	}
	f.Fuzz(func(t *testing.T, one, other string) {
		isVersionInRange(one, other)
		if key, ok := ReadLicenseKey(one); ok {
			if again := cleanKey(key.Text); again != key.Text {
				t.Errorf("%q is cleaned again to %q", key.Text, again)
			}
		}
		if _, err := DeviceOf(one, Part{"a", other}); err == nil && isPlaceholder(other) {
			t.Errorf("%q", other)
		}
		if utf8.ValidString(one) && !utf8.ValidString(quote(one)) {
			t.Errorf("%q", one)
		}
	})
}
