// Status lists (IETF draft-ietf-oauth-status-list): a bit for each license file, set while the file is revoked.

package latchkey

import (
	"bytes"
	"compress/zlib"
	"io"
)

// maxListBytes is how long a list may be when it is decompressed.
const maxListBytes = 16384

// statusList is a verified list. Times are seconds since 1970.
type statusList struct {
	// uri is its address, by which files name it.
	uri      string
	issuedAt int64
	bits     []byte
}

func readStatusList(jws string, keys []PublicKey) (*statusList, *refusal) {
	claims, refused := verifyJWS(jws, "statuslist+jwt", keys)
	if refused != nil {
		return nil, refused
	}
	m := &members{object: claims}
	inner := m.objectOf("status_list")
	m.expect("bits", inner.integer("bits") == 1)
	list := &statusList{uri: m.text("sub"), issuedAt: m.time("iat").Unix()}
	m.time("exp")
	m.integer("ttl")
	compressed := inner.text("lst")
	m.within("status_list", inner)
	if refused := m.refusal(); refused != nil {
		return nil, refused
	}
	data, refused := decodeBytes(compressed)
	if refused != nil {
		return nil, refused
	}
	list.bits, refused = inflate(data)
	return list, refused
}

// isSet reports whether the index of a file is set. One beyond the list is not.
func (l *statusList) isSet(index int64) bool {
	return index/8 < int64(len(l.bits)) && l.bits[index/8]>>(index%8)&1 == 1
}

// inflate decompresses zlib (RFC 1950), no further than a list may be long.
func inflate(compressed []byte) ([]byte, *refusal) {
	left := bytes.NewReader(compressed)
	reader, err := zlib.NewReader(left)
	if err != nil {
		return nil, malformed("The status list is not compressed right.")
	}
	data, err := io.ReadAll(io.LimitReader(reader, maxListBytes+1))
	if len(data) > maxListBytes {
		return nil, malformed("The status list is too large.")
	}
	if err != nil {
		return nil, malformed("The status list is not compressed right.")
	}
	if left.Len() > 0 {
		return nil, malformed("Something follows the compressed status list.")
	}
	return data, nil
}
