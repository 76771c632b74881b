// JSON as docs/offline.md has it, which is stricter than encoding/json: names are compared with their case, text is UTF-8,
// and numbers keep their digits until they are read.

package latchkey

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"strconv"
	"unicode/utf8"
)

const (
	// maxDepth is how deep objects and lists may be in each other.
	maxDepth = 32
	// maxInteger is the greatest integer that every language has: 2^53 - 1.
	maxInteger = 1<<53 - 1
	// lastSecond is the end of the year 9999; seconds since 1970.
	lastSecond = 253402300799
)

var errNotUTF8 = errors.New("the text is not UTF-8")

// parseJSON decodes a whole text into maps, slices, strings, booleans and json.Number. Where a name is there twice, the
// last one counts. Structs are never decoded into, because encoding/json ignores the case of names then.
func parseJSON(data []byte) (any, error) {
	if !utf8.Valid(data) {
		// encoding/json replaces what is no UTF-8 silently.
		return nil, errNotUTF8
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, err
	}
	if len(bytes.TrimLeft(data[decoder.InputOffset():], " \t\r\n")) > 0 {
		return nil, errors.New("there is more after the JSON")
	}
	return value, nil
}

// decodeObject reads a JSON object in base64url.
func decodeObject(part string) (map[string]any, *refusal) {
	data, refused := decodeBytes(part)
	if refused != nil {
		return nil, refused
	}
	value, err := parseJSON(data)
	if err != nil {
		return nil, malformed("The text is not JSON.")
	}
	object, ok := value.(map[string]any)
	if !ok {
		return nil, malformed("The JSON is not an object.")
	}
	if !isShallow(object, maxDepth) {
		return nil, malformed("The JSON is nested too deep.")
	}
	return object, nil
}

func isShallow(value any, depth int) bool {
	switch value := value.(type) {
	case map[string]any:
		for _, member := range value {
			if depth == 0 || !isShallow(member, depth-1) {
				return false
			}
		}
		return depth > 0
	case []any:
		for _, member := range value {
			if depth == 0 || !isShallow(member, depth-1) {
				return false
			}
		}
		return depth > 0
	}
	return true
}

// integer reads a whole number from 0 to 2^53 - 1; 1.0 and 1e3 are whole.
func integer(value any) (int64, bool) {
	number, ok := value.(json.Number)
	if !ok {
		return 0, false
	}
	// As floating point, so that all languages read the same number.
	float, err := strconv.ParseFloat(string(number), 64)
	if err != nil || !(float >= 0 && float <= maxInteger) || float != math.Trunc(float) {
		return 0, false
	}
	return int64(float), true
}

// unixTime reads seconds since 1970 until the end of 9999.
func unixTime(value any) (int64, bool) {
	seconds, ok := integer(value)
	return seconds, ok && seconds <= lastSecond
}

// plain replaces numbers by float64, as encoding/json has them.
func plain(value any) any {
	switch value := value.(type) {
	case json.Number:
		float, _ := strconv.ParseFloat(string(value), 64)
		// Larger numbers are infinite, which JSON cannot write.
		return math.Max(-math.MaxFloat64, math.Min(math.MaxFloat64, float))
	case map[string]any:
		return plainObject(value)
	case []any:
		members := make([]any, len(value))
		for index, member := range value {
			members[index] = plain(member)
		}
		return members
	}
	return value
}

func plainObject(object map[string]any) map[string]any {
	members := make(map[string]any, len(object))
	for name, member := range object {
		members[name] = plain(member)
	}
	return members
}

// text is a member that is a text; empty for others.
func text(object map[string]any, name string) string {
	value, _ := object[name].(string)
	return value
}
