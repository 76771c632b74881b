// The fingerprint: named parts of the machine, each hashed with a salt of the product, so that no two vendors can compare them.

package latchkey

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// placeholders are what firmware, images and virtual machines say where a serial number was left out; folded.
var placeholders = map[string]bool{
	"notspecified": true, "notpresent": true, "notsettable": true, "notavailable": true, "notapplicable": true,
	"none": true, "null": true, "na": true, "unknown": true, "undefined": true, "invalid": true, "oem": true,
	"default": true, "defaultstring": true, "tobefilledbyoem": true, "tobefilled": true, "systemserialnumber": true,
	"serialnumber": true, "baseboardserialnumber": true, "boardserialnumber": true, "chassisserialnumber": true,
	"noassettag": true, "assettag": true, "generic": true, "virtualmachine": true,
	"03000200040005000006000700080009": true, "00020003000400050006000700080009": true, "uninitialized": true,
}

var (
	masked  = regexp.MustCompile(`^(?:0*|f{4,}|x{3,})$`)
	counted = regexp.MustCompile(`^0*1?2?3456789[0-9]*$`)
)

// Part is a named part of a machine, such as the serial number of its board.
type Part struct{ Name, Value string }

// ErrNoDevice tells that no part identifies the machine. The app has to give a fingerprint of its own.
var ErrNoDevice = errors.New("latchkey: no part identifies this machine; give a fingerprint of your own")

// DeviceOf makes a device from parts of the machine. Placeholders, which many machines have, and empty parts are dropped.
// The first part that identifies the machine is the fingerprint, all are components: put first what stays the same for
// every user of the machine. The product's code is the salt of the hashes. The error is ErrNoDevice, or tells of a name
// that is there twice.
func DeviceOf(product string, parts ...Part) (Device, error) {
	device := Device{Components: map[string]string{}}
	for _, part := range parts {
		if isPlaceholder(part.Value) {
			continue
		}
		if _, isThere := device.Components[part.Name]; isThere {
			return Device{}, fmt.Errorf("latchkey: there are two parts %q", part.Name)
		}
		component := hexDigest(product + "\n" + part.Name + "\n" + strings.Trim(part.Value, asciiBlanks))[:32]
		device.Components[part.Name] = component
		if device.Fingerprint == "" {
			device.Fingerprint = hexDigest(product + "\nfingerprint\n" + component)
		}
	}
	if device.Fingerprint == "" {
		return Device{}, ErrNoDevice
	}
	return device, nil
}

// isPlaceholder reports whether a value identifies no machine. It is compared without case, and without what is in ASCII
// no letter or digit; other characters stay as they are, so that no tables of Unicode are needed in any language.
func isPlaceholder(value string) bool {
	folded := strings.Map(func(r rune) rune {
		switch {
		case r >= 'A' && r <= 'Z':
			return r + ('a' - 'A')
		case r < 0x80 && !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9'):
			return -1
		}
		return r
	}, value)
	return placeholders[folded] || masked.MatchString(folded) || counted.MatchString(folded) || isRepeated(folded)
}

// isRepeated reports whether a text is one letter or digit of ASCII eight times or more.
func isRepeated(text string) bool {
	return len(text) >= 8 && text[0] < 0x80 && strings.Trim(text, text[:1]) == ""
}

// asciiBlanks are those of ASCII, which are left out around values.
const asciiBlanks = " \t\n\v\f\r"
