// The request of an app that never has a network: text that is carried to a computer with one, and comes back as a license
// file.

package latchkey

import (
	"crypto/sha256"
	"fmt"
	"sort"
	"strconv"
	"strings"
	"time"
)

// offlineRequest is what a request says. What is empty is left out.
type offlineRequest struct {
	licenseKey          string
	device              Device
	deviceName, version string
	encrypt             bool
	createdAt           time.Time
}

// write returns the text of a request, which survives e-mail and a QR code.
func (r offlineRequest) write() string {
	members := []string{
		`"license_key":` + quote(r.licenseKey),
		`"hardware_hash":` + quote(r.device.Fingerprint),
	}
	if r.device.Components != nil {
		members = append(members, `"components":`+quoteAll(r.device.Components))
	}
	if r.deviceName != "" {
		members = append(members, `"machine_name":`+quote(r.deviceName))
	}
	if r.version != "" {
		members = append(members, `"app_version":`+quote(r.version))
	}
	if r.encrypt {
		members = append(members, `"encrypt":true`)
	}
	if !r.createdAt.IsZero() {
		members = append(members, `"created_at":`+strconv.FormatInt(r.createdAt.Unix(), 10))
	}
	json := []byte("{" + strings.Join(members, ",") + "}")
	// With the check, text that was cut or mistyped is found.
	check := sha256.Sum256(json)
	content := inLines(encodeBytes(json) + "." + encodeBytes(check[:6]))
	return "-----BEGIN LATCHKEY REQUEST-----\n" + content + "\n-----END LATCHKEY REQUEST-----\n"
}

func quoteAll(texts map[string]string) string {
	names := make([]string, 0, len(texts))
	for name := range texts {
		names = append(names, name)
	}
	sort.Strings(names)
	for index, name := range names {
		names[index] = quote(name) + ":" + quote(texts[name])
	}
	return "{" + strings.Join(names, ",") + "}"
}

// quote writes a text in JSON with no more escapes than it needs, as other languages do: encoding/json escapes more.
func quote(text string) string {
	var quoted strings.Builder
	quoted.WriteByte('"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			quoted.WriteByte('\\')
			quoted.WriteRune(r)
		case r < ' ':
			fmt.Fprintf(&quoted, `\u%04x`, r)
		default:
			quoted.WriteRune(r)
		}
	}
	quoted.WriteByte('"')
	return quoted.String()
}
