// Parts of the library by themselves: JSON, keys, options and records that others would take differently.

package latchkey

import (
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

func TestJSONIsReadAsInOtherLanguages(t *testing.T) {
	for text, isRead := range map[string]bool{
		`{}`: true, `{"a":1,"a":2}`: true, ` {} `: true, `{"a":"\ud800"}`: true,
		"\ufeff{}": false, `{} x`: false, "{\"a\":\"\xff\"}": false, `{"a":NaN}`: false, `{"a":01}`: false,
		`{"a":1,}`: false, `{'a':1}`: false, "{\"a\":\"\n\"}": false, ``: false, `[]`: false, `null`: false,
		`{"a":` + strings.Repeat("[", 31) + strings.Repeat("]", 31) + `}`: true,
		`{"a":` + strings.Repeat("[", 32) + strings.Repeat("]", 32) + `}`: false,
		strings.Repeat(`{"a":`, 30000):                                    false,
	} {
		if _, refused := decodeObject(encodeBytes([]byte(text))); (refused == nil) != isRead {
			t.Errorf("%.60q: %v", text, refused)
		}
	}
	last, _ := decodeObject(encodeBytes([]byte(`{"a":{"b":1},"a":{"c":2},"A":3}`)))
	if written, _ := json.Marshal(last); string(written) != `{"A":3,"a":{"c":2}}` {
		t.Errorf("%s", written)
	}
	for number, expected := range map[string]int64{
		"0": 0, "-0": 0, "1.0": 1, "1e3": 1000, "9007199254740991": maxInteger, "100e-2": 1,
		"9007199254740992": -1, "1.5": -1, "-1": -1, "1e400": -1, "1e-400": 0,
	} {
		found, ok := integer(json.Number(number))
		if !ok {
			found = -1
		}
		if found != expected {
			t.Errorf("%s is %d", number, found)
		}
	}
}

func TestKeysThatAnyoneCanSignWith(t *testing.T) {
	vendor := newVendor(t)
	jws := vendor.sign("license-file+jwt", map[string]any{})
	keys := []string{"", "AA", "+", strings.Repeat("A", 42), encodeBytes(make([]byte, 33))}
	for point := range smallOrder {
		data, _ := hex.DecodeString(point)
		keys = append(keys, encodeBytes(data))
		data[31] |= 0x80
		keys = append(keys, encodeBytes(data))
	}
	for _, x := range keys {
		_, refused := verifyJWS(jws, "license-file+jwt", []PublicKey{{vendor.public.ID, x}})
		if refused == nil || refused.reason != "unknown_key" {
			t.Errorf("%q: %v", x, refused)
		}
		if _, err := New(Options{
			URL: "https://a.example", APIKey: "k", Product: "p", Device: testDevice, PublicKeys: []PublicKey{{"a", x}},
		}); err == nil {
			t.Errorf("%q is taken as an option", x)
		}
	}
	signed := jws[:strings.LastIndex(jws, ".")+1]
	for _, length := range []int{0, 1, 63, 65, 640} {
		_, refused := verifyJWS(signed+encodeBytes(make([]byte, length)), "license-file+jwt", []PublicKey{vendor.public})
		if refused == nil || refused.reason != "wrong_signature" {
			t.Error(length, refused)
		}
	}
	if len(vendor.private.Public().(ed25519.PublicKey)) != ed25519.PublicKeySize {
		t.Error("the key of the tests")
	}
}

func TestBadOptionsAreRefused(t *testing.T) {
	vendor := newVendor(t)
	good := Options{
		URL: "https://a.example/x", APIKey: "k", Product: "p", Device: testDevice, PublicKeys: []PublicKey{vendor.public},
	}
	if _, err := New(good); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*Options){
		"no address":        func(o *Options) { o.URL = "" },
		"a path":            func(o *Options) { o.URL = "/x" },
		"another scheme":    func(o *Options) { o.URL = "ftp://a.example" },
		"a password":        func(o *Options) { o.URL = "https://a:b@a.example" },
		"a control":         func(o *Options) { o.URL = "https://a.example/\n" },
		"no API key":        func(o *Options) { o.APIKey = "" },
		"two lines":         func(o *Options) { o.APIKey = "a\r\nb: c" },
		"no product":        func(o *Options) { o.Product = "" },
		"no keys":           func(o *Options) { o.PublicKeys = nil },
		"no fingerprint":    func(o *Options) { o.Device = Device{} },
		"no day":            func(o *Options) { o.Released = "2026-02-31" },
		"no UTF-8":          func(o *Options) { o.DeviceName = "\xff" },
		"no time":           func(o *Options) { o.Timeout = -1 },
		"no attempts":       func(o *Options) { o.Retries.Attempts = -1 },
		"a long identifier": func(o *Options) { o.Device.Fingerprint = strings.Repeat("a", 256) },
	} {
		options := good
		spoil(&options)
		var refusal *Error
		if _, err := New(options); !errors.As(err, &refusal) || refusal.Code != CodeInvalidOptions || refusal.Message == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRecordsWithOtherTypes(t *testing.T) {
	for _, value := range []string{"null", "true", "-1", "1.5", "1e300", `"x"`, "[]", "{}", `{"a":{"seq":-1,"code":1}}`} {
		members := []string{}
		for _, name := range []string{"license_key", "file", "validation", "refusal", "trusted", "seq", "lists", "removed", "list"} {
			members = append(members, `"`+name+`":`+value)
		}
		record := readRecord([]byte("{" + strings.Join(members, ",") + "}"))
		if record.trusted != 0 || len(record.seq) != 0 || len(record.lists) != 0 || len(record.removed) != 0 {
			t.Errorf("%s: %+v", value, record)
		}
	}
	kept := record{licenseKey: "a<b>&\u2028", seen: seen{trusted: 5, removed: map[string]removedFile{"1": {2, "C"}}}}
	text, err := kept.write()
	if again := readRecord(text); err != nil || again.licenseKey != kept.licenseKey || again.removed["1"] != kept.removed["1"] {
		t.Errorf("%s: %+v %v", text, again, err)
	}
}

func TestEntitlements(t *testing.T) {
	own := Entitlements{"export": true, "projects": 50.0, "edition": "studio", "none": nil}
	number, isNumber := own.Number("projects")
	text, isText := own.Text("edition")
	if !own.Has("export") || own.Has("none") || own.Has("other") || number != 50 || !isNumber || text != "studio" || !isText {
		t.Error(own)
	}
}

func TestMachineDeviceStays(t *testing.T) {
	one, err := MachineDevice("painter")
	if errors.Is(err, ErrNoDevice) {
		t.Skip(err)
	}
	other, again := MachineDevice("painter")
	if err != nil || again != nil || one.Fingerprint != other.Fingerprint || len(one.Fingerprint) != 64 {
		t.Error(one, other, err)
	}
	if _, err := DeviceOf("p", Part{"a", "1b"}, Part{"a", "2b"}); err == nil {
		t.Error("two parts of one name are taken")
	}
}

func TestVersionsInWords(t *testing.T) {
	for text, isIn := range map[string]bool{
		"2.0 beta": false, "2.0 (Beta 3)": false, "2.0b4": false,
		"2.0 build": true, "2.0 beta3x": true, "2.0a": true, "2.0 b 4": true, "v2": true, "２．０": true, "2.0 betamax": true,
		"1.9": false, "nightly": true, "2.0-beta": false, "2.0+beta": true, "1234567890123456": true, "2..0": true,
	} {
		if found := isVersionInRange(text, ">=2.0.0-zeta"); found != isIn {
			t.Errorf("%q: %v", text, found)
		}
		isVersionInRange("2.0", text)
	}
	if isVersionInRange("2.0 rc 1", ">=2.0.0-rc.2") || !isVersionInRange("2.0 release candidate 3", ">=2.0.0-rc.2") {
		t.Error("release candidates")
	}
}
