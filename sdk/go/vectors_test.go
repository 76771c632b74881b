// The library comes to the result of each vector of sdk/vectors.

package latchkey

import (
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

const vectors = "../vectors"

type vector[Given, Expected any] struct {
	Name, Reason string
	Given        Given
	Expected     Expected
}

// readVectors skips the test where the folder was copied without the vectors.
func readVectors[Given, Expected any](t testing.TB, kind string) []vector[Given, Expected] {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(vectors, kind+".json"))
	if errors.Is(err, os.ErrNotExist) {
		t.Skip("there are no vectors beside this folder")
	}
	var read struct{ Cases []vector[Given, Expected] }
	if err == nil {
		err = json.Unmarshal(data, &read)
	}
	if err != nil || len(read.Cases) == 0 {
		t.Fatalf("%s: %v, %d cases", kind, err, len(read.Cases))
	}
	return read.Cases
}

// checkVectors compares each result with what is expected, as JSON.
func checkVectors[Given any](t *testing.T, kind string, resultOf func(Given) any) {
	t.Helper()
	for _, one := range readVectors[Given, any](t, kind) {
		one := one
		t.Run(one.Name, func(t *testing.T) {
			found, _ := json.Marshal(resultOf(one.Given))
			expected, _ := json.Marshal(one.Expected)
			if string(found) != string(expected) {
				t.Errorf("%s: found %s, expected %s. %s", one.Name, found, expected, one.Reason)
			}
		})
	}
}

type givenFile struct {
	File string
	Keys []PublicKey
	App  struct {
		Product           string
		Version, Released *string
	}
	Device struct {
		Fingerprint string
		LicenseKey  *string `json:"license_key"`
		Components  map[string]string
	}
	Now  float64
	Kept struct {
		Trusted    int64
		Seq, Lists map[string]int64
		Removed    map[string]struct{ Seq int64 }
	}
	Lists []string
}

func (g givenFile) check() fileCheck {
	removed := map[string]removedFile{}
	for activation, one := range g.Kept.Removed {
		removed[activation] = removedFile{seq: one.Seq}
	}
	return fileCheck{
		file:       g.File,
		licenseKey: orEmpty(g.Device.LicenseKey),
		keys:       g.Keys,
		app:        app{g.App.Product, orEmpty(g.App.Version), orEmpty(g.App.Released)},
		device:     Device{g.Device.Fingerprint, g.Device.Components},
		now:        int64(math.Max(-1e15, math.Min(1e15, g.Now))),
		seen:       seen{g.Kept.Trusted, g.Kept.Seq, g.Kept.Lists, removed},
		lists:      g.Lists,
	}
}

func orEmpty(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}

func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

func TestVectorsOfLicenseFiles(t *testing.T) {
	paths, _ := filepath.Glob(filepath.Join(vectors, "file_*.json"))
	if len(paths) == 0 {
		t.Skip("there are no vectors beside this folder")
	}
	for _, path := range paths {
		kind := filepath.Base(path[:len(path)-len(".json")])
		t.Run(kind, func(t *testing.T) {
			checkVectors(t, kind, func(given givenFile) any {
				result := checkFile(given.check())
				return map[string]any{"state": result.state, "reason": orNull(result.reason)}
			})
		})
	}
}

func TestVectorsOfValidations(t *testing.T) {
	type given struct {
		Signature, Nonce, Fingerprint, Product string
		LicenseKey                             string `json:"license_key"`
		Keys                                   []PublicKey
	}
	checkVectors(t, "validations", func(g given) any {
		sent := sentValidation{g.Nonce, g.LicenseKey, g.Fingerprint, g.Product}
		read, refused := readValidation(g.Signature, sent, g.Keys)
		if refused != nil {
			return map[string]any{"reason": refused.reason}
		}
		return map[string]any{"code": read.code}
	})
}

func TestVectorsOfLicenseKeys(t *testing.T) {
	checkVectors(t, "license_keys", func(typed string) any {
		key, ok := ReadLicenseKey(typed)
		if !ok {
			return nil
		}
		return map[string]any{"text": key.Text, "canonical": key.Canonical, "checksum_mismatch": key.ChecksumMismatch}
	})
}

func TestVectorsOfVersions(t *testing.T) {
	checkVectors(t, "versions", func(given struct{ Version, Range string }) any {
		return isVersionInRange(given.Version, given.Range)
	})
}

func TestVectorsOfDevices(t *testing.T) {
	type given struct {
		Product string
		Parts   [][2]*string
	}
	checkVectors(t, "devices", func(g given) any {
		var parts []Part
		for _, part := range g.Parts {
			parts = append(parts, Part{*part[0], orEmpty(part[1])})
		}
		device, err := DeviceOf(g.Product, parts...)
		if err != nil {
			return nil
		}
		return map[string]any{"fingerprint": device.Fingerprint, "components": device.Components}
	})
}

func TestVectorsOfRemovalCodes(t *testing.T) {
	type given struct {
		Activation, Seq int64
		Removal         string
	}
	checkVectors(t, "removal_codes", func(g given) any {
		key, _ := decodeBytes(g.Removal)
		return removalCode(g.Activation, g.Seq, key)
	})
}

func TestVectorsOfOfflineRequests(t *testing.T) {
	type given struct {
		LicenseKey   string `json:"license_key"`
		HardwareHash string `json:"hardware_hash"`
		Components   map[string]string
		MachineName  string `json:"machine_name"`
		AppVersion   string `json:"app_version"`
		Encrypt      bool
		CreatedAt    int64 `json:"created_at"`
	}
	checkVectors(t, "offline_requests", func(g given) any {
		request := offlineRequest{licenseKey: g.LicenseKey, device: Device{g.HardwareHash, g.Components},
			deviceName: g.MachineName, version: g.AppVersion, encrypt: g.Encrypt}
		if g.CreatedAt != 0 {
			request.createdAt = time.Unix(g.CreatedAt, 0)
		}
		return request.write()
	})
}

func TestVectorsOfRetries(t *testing.T) {
	type outcome struct {
		Status     int
		RetryAfter *string `json:"retry_after"`
	}
	type given struct {
		Now      float64
		Outcomes []outcome
		Random   []float64
	}
	policy := RetryPolicy{}.withDefaults()
	checkVectors(t, "retries", func(g given) any {
		delays, now := []float64{}, time.Unix(int64(g.Now), 0)
		for attempt := 1; ; attempt++ {
			one := g.Outcomes[attempt-1]
			asked := readRetryAfter(orEmpty(one.RetryAfter), now)
			delay, again := policy.delayBeforeRetry(one.Status, asked, attempt, g.Random[attempt-1])
			if !again {
				return map[string]any{"delays": delays, "status": one.Status}
			}
			seconds, _ := strconv.ParseFloat(strconv.FormatFloat(delay.Seconds(), 'f', 6, 64), 64)
			delays = append(delays, seconds)
			now = now.Add(delay)
		}
	})
}
