// What the library keeps between runs, as JSON that is the same in all of its languages. All of it that decides is signed,
// so that an edited record is worth nothing.

package latchkey

import (
	"bytes"
	"encoding/json"
)

// record is what is kept. It is never changed, only replaced. Empty texts are null.
type record struct {
	// licenseKey is as it is sent to the server; empty: not activated.
	licenseKey string
	// file is the license file.
	file string
	// validation is the last signed validation.
	validation string
	// refusal is the code by which the server refused the license, unsigned.
	refusal string
	// list is the latest status list of the file.
	list string
	seen
}

// isWhole reports whether a text is a JSON object: one that was cut is none.
func isWhole(text []byte) bool {
	value, err := parseJSON(text)
	_, isObject := value.(map[string]any)
	return err == nil && isObject
}

// readRecord reads a record. What is missing, or of another type, counts as not there.
func readRecord(data []byte) record {
	value, _ := parseJSON(data)
	given, _ := value.(map[string]any)
	trusted, ok := unixTime(given["trusted"])
	if !ok {
		trusted = 0
	}
	return record{
		licenseKey: text(given, "license_key"),
		file:       text(given, "file"),
		validation: text(given, "validation"),
		refusal:    text(given, "refusal"),
		list:       text(given, "list"),
		seen: seen{
			trusted: trusted,
			seq:     pick(given["seq"], integer),
			lists:   pick(given["lists"], unixTime),
			removed: pick(given["removed"], readRemoved),
		},
	}
}

func readRemoved(value any) (removedFile, bool) {
	given, _ := value.(map[string]any)
	seq, isInteger := integer(given["seq"])
	code, isText := given["code"].(string)
	return removedFile{seq, code}, isInteger && isText
}

// pick reads the members of an object that are of a type.
func pick[Value any](value any, read func(any) (Value, bool)) map[string]Value {
	members := map[string]Value{}
	given, _ := value.(map[string]any)
	for name, member := range given {
		if value, ok := read(member); ok {
			members[name] = value
		}
	}
	return members
}

func (r record) write() ([]byte, error) {
	orNull := func(text string) *string {
		if text == "" {
			return nil
		}
		return &text
	}
	type removed struct {
		Seq  int64  `json:"seq"`
		Code string `json:"code"`
	}
	given := map[string]removed{}
	for activation, one := range r.removed {
		given[activation] = removed{one.seq, one.code}
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err := encoder.Encode(struct {
		Format     int                `json:"format"`
		LicenseKey *string            `json:"license_key"`
		File       *string            `json:"file"`
		Validation *string            `json:"validation"`
		Refusal    *string            `json:"refusal"`
		Trusted    int64              `json:"trusted"`
		Seq        map[string]int64   `json:"seq"`
		Lists      map[string]int64   `json:"lists"`
		Removed    map[string]removed `json:"removed"`
		List       *string            `json:"list"`
	}{
		1, orNull(r.licenseKey), orNull(r.file), orNull(r.validation), orNull(r.refusal),
		r.trusted, orEmptyMap(r.seq), orEmptyMap(r.lists), given, orNull(r.list),
	})
	return text.Bytes(), err
}

func orEmptyMap(numbers map[string]int64) map[string]int64 {
	if numbers == nil {
		return map[string]int64{}
	}
	return numbers
}

// with is the record with a later trusted time, and the greater numbers of what was seen.
func (r record) with(other seen) record {
	r.trusted = later(r.trusted, other.trusted)
	number := func(value int64) int64 { return value }
	r.seq = greatest(r.seq, other.seq, number)
	r.lists = greatest(r.lists, other.lists, number)
	r.removed = greatest(r.removed, other.removed, func(one removedFile) int64 { return one.seq })
	return r
}

// withoutLicense is what is left of a record when its license is forgotten.
func (r record) withoutLicense() record { return record{seen: r.seen} }

// withFile is the record with a new license file.
func (r record) withFile(file string, claims *FileClaims) record {
	activation := map[string]int64{activationOf(claims): claims.Seq}
	r = r.with(seen{trusted: claims.IssuedAt.Unix(), seq: activation})
	r.file = file
	return r
}

func greatest[Value any](one, other map[string]Value, numberOf func(Value) int64) map[string]Value {
	all := make(map[string]Value, len(one)+len(other))
	for name, value := range one {
		all[name] = value
	}
	for name, value := range other {
		if own, isThere := all[name]; !isThere || numberOf(own) < numberOf(value) {
			all[name] = value
		}
	}
	return all
}
