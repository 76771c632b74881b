// The vendor in tests: a key, what it signs, and a server that answers as the real one does.

package latchkey

import (
	"crypto/ed25519"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	testKey         = "3AHR-Z6DM-V29G-QY5M"
	testFingerprint = "9f86d081884c7d65"
)

var testDevice = Device{Fingerprint: testFingerprint, Components: map[string]string{"board": "b-71"}}

// vendor signs, and serves. Its answers can be replaced.
type vendor struct {
	private ed25519.PrivateKey
	public  PublicKey
	server  *httptest.Server

	mu       sync.Mutex
	handler  http.HandlerFunc
	requests []*http.Request
	bodies   []map[string]any
	// withoutFile tells that the license allows no license file.
	withoutFile bool
}

func newVendor(t testing.TB) *vendor {
	private := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	own := &vendor{private: private}
	own.public = PublicKey{ID: "test", X: encodeBytes(private.Public().(ed25519.PublicKey))}
	own.handler = own.answer
	own.server = httptest.NewServer(http.HandlerFunc(own.serve))
	t.Cleanup(func() {
		own.server.CloseClientConnections()
		own.server.Close()
	})
	return own
}

// answers replaces the answers; nil: those of the real server.
func (v *vendor) answers(handler http.HandlerFunc) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.handler, v.requests, v.bodies = handler, nil, nil
	if handler == nil {
		v.handler = v.answer
	}
}

func (v *vendor) serve(w http.ResponseWriter, r *http.Request) {
	data, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(strings.NewReader(string(data)))
	var body map[string]any
	_ = json.Unmarshal(data, &body)
	v.mu.Lock()
	v.requests, v.bodies = append(v.requests, r), append(v.bodies, body)
	handler := v.handler
	v.mu.Unlock()
	handler(w, r)
}

func (v *vendor) seen() []*http.Request {
	v.mu.Lock()
	defer v.mu.Unlock()
	return append([]*http.Request(nil), v.requests...)
}

func (v *vendor) answer(w http.ResponseWriter, r *http.Request) {
	var sent map[string]any
	_ = json.NewDecoder(r.Body).Decode(&sent)
	body := map[string]any{"message": ""}
	switch r.URL.Path {
	case "/api/license/verify":
		nonce, _ := sent["nonce"].(string)
		body["signature"] = v.validation(map[string]any{"nonce": nonce})
		if !v.withoutFile {
			body["license_file"] = v.file(nil)
		}
	case "/api/license/checkout":
		body["license_file"] = v.file(nil)
	}
	writeJSON(w, http.StatusOK, body)
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

func (v *vendor) sign(typ string, claims map[string]any) string {
	header, _ := json.Marshal(map[string]any{"alg": "Ed25519", "kid": v.public.ID, "typ": typ})
	payload, _ := json.Marshal(claims)
	signed := encodeBytes(header) + "." + encodeBytes(payload)
	return signed + "." + encodeBytes(ed25519.Sign(v.private, []byte(signed)))
}

func replaced(claims, other map[string]any) map[string]any {
	for name, value := range other {
		claims[name] = value
	}
	return claims
}

func (v *vendor) validation(other map[string]any) string {
	return v.sign("license-validation+jwt", replaced(map[string]any{
		"iss": v.server.URL, "iat": time.Now().Unix(), "nonce": "", "product": "painter", "license": 12,
		"key_hash": digest(testKey), "machine": digest(testFingerprint), "valid": true, "code": "VALID",
		"valid_until": nil, "grace_ends": nil, "entitlements": map[string]any{"export": true}, "max_users": 3,
	}, other))
}

func (v *vendor) fileClaims(other map[string]any) map[string]any {
	now := time.Now().Unix()
	return replaced(map[string]any{
		"iss": v.server.URL, "iat": now, "nbf": now, "exp": now + 30*86400, "jti": "id", "seq": now,
		"product": "painter", "license": 12, "activation": 34, "state": "active", "license_ends": nil,
		"grace_ends": nil, "after_expiry": "refuse", "updates_until": nil, "versions": nil, "max_users": 3,
		"entitlements": map[string]any{"export": true, "projects": 50}, "metadata": map[string]any{},
		"customer": map[string]any{"name": "Lumen Ltd", "company": nil},
		"machine": map[string]any{
			"match": "exact", "salt": "salt", "fingerprint": digest("salt\nfingerprint\n" + testFingerprint),
			"components": map[string]any{},
		},
		"status":  map[string]any{"uri": v.server.URL + "/list", "idx": 9},
		"removal": strings.Repeat("A", 43),
	}, other)
}

func (v *vendor) file(other map[string]any) string {
	jws := v.sign("license-file+jwt", v.fileClaims(other))
	return beginFile + "\n" + inLines(jws) + "\n" + endFile + "\n"
}

// client is a client of the vendor's; what is not given has values that suit tests.
func (v *vendor) client(t testing.TB, options Options) *Client {
	t.Helper()
	options.URL, options.APIKey, options.Product, options.Version = v.server.URL+"/", "key", "painter", "2.1.0"
	options.PublicKeys, options.Device = []PublicKey{v.public}, testDevice
	if options.Retries.Attempts == 0 {
		options.Retries.Attempts = 1
	}
	client, err := New(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Stop)
	return client
}

// expect compares a status with a state and the code of its error; empty: none.
func expect(t *testing.T, status Status, state State, code string) {
	t.Helper()
	found := ""
	if status.Error != nil {
		found = status.Error.Code
	}
	if status.State != state || found != code || status.Usable != state.Usable() || status.Reason == "" {
		t.Fatalf("the state is %s (%s) with the error %q, expected %s with %q", status.State, status.Reason, found, state, code)
	}
}

// testClock is the system's time with an offset. Timers wait as long as they are told.
type testClock struct {
	systemClock
	mu     sync.Mutex
	offset time.Duration
}

func (c *testClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.offset)
}

func (c *testClock) shift(offset time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.offset = offset
}
