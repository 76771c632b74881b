// The client with a server that answers: states, license files, removal codes, listeners, and calls at the same time.

package latchkey

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"
)

var ctx = context.Background()

func activate(t *testing.T, client *Client) {
	t.Helper()
	status, err := client.Activate(ctx, " “"+testKey+"”.\n")
	if err != nil {
		t.Fatal(err)
	}
	expect(t, status, StateValid, "")
}

func TestStatesFollowServerClockAndFile(t *testing.T) {
	vendor, clock := newVendor(t), &testClock{}
	client := vendor.client(t, Options{Clock: clock})
	var states []State
	client.OnChange(func(status Status) { states = append(states, status.State) })
	expect(t, client.Start(), StateNotActivated, "")
	activate(t, client)
	status := client.Status()
	if status.File.CustomerName != "Lumen Ltd" || status.MaxUsers != 3 || !status.Entitlements.Has("export") {
		t.Fatalf("%+v", status)
	}
	vendor.server.CloseClientConnections()
	vendor.answers(func(w http.ResponseWriter, r *http.Request) { panic(http.ErrAbortHandler) })
	for _, one := range []struct {
		offset time.Duration
		state  State
	}{{29 * 24, StateValid}, {31 * 24, StateExpired}, {-24, StateClockTampered}, {366 * 24, StateExpired}, {0, StateValid}} {
		clock.shift(one.offset * time.Hour)
		expect(t, client.Refresh(ctx), one.state, CodeNetworkError)
	}
	vendor.answers(func(w http.ResponseWriter, r *http.Request) {
		var sent map[string]any
		_ = json.NewDecoder(r.Body).Decode(&sent)
		writeJSON(w, 200, map[string]any{"signature": vendor.validation(map[string]any{
			"nonce": sent["nonce"], "valid": false, "code": "LICENSE_INACTIVE",
		})})
	})
	expect(t, client.Refresh(ctx), StateDisabled, "")
	if len(client.Status().Entitlements) != 0 {
		t.Error("a license that is disabled has entitlements")
	}
	vendor.answers(nil)
	expect(t, client.Refresh(ctx), StateValid, "")
	status, err := client.Deactivate(ctx)
	if err != nil || status.State != StateNotActivated {
		t.Fatal(status.State, err)
	}
	expected := []State{StateValid, StateExpired, StateClockTampered, StateExpired, StateValid, StateDisabled, StateValid, StateNotActivated}
	if !reflect.DeepEqual(states, expected) {
		t.Errorf("listeners heard %v", states)
	}
}

func TestWithoutFileAnswersAge(t *testing.T) {
	vendor, clock := newVendor(t), &testClock{}
	vendor.withoutFile = true
	client := vendor.client(t, Options{Clock: clock})
	activate(t, client)
	for hours, state := range map[int]State{22: StateValid, 26: StateOfflineGrace, 70: StateOfflineGrace, 74: StateExpired} {
		clock.shift(time.Duration(hours) * time.Hour)
		expect(t, client.Status(), state, "")
	}
}

func TestRefusalsOfActivation(t *testing.T) {
	vendor := newVendor(t)
	client := vendor.client(t, Options{})
	refuse := func(status int, code string) {
		vendor.answers(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("X-Request-Id", "request-1")
			details := map[string]any{"max_activations": 1}
			writeJSON(w, status, map[string]any{"error": map[string]any{"code": code, "message": "No.", "details": details}})
		})
	}
	refuse(403, "ACTIVATION_LIMIT_REACHED")
	status, err := client.Activate(ctx, testKey)
	if err != nil {
		t.Fatal(err)
	}
	expect(t, status, StateLimitReached, "ACTIVATION_LIMIT_REACHED")
	if status.Error.RequestID != "request-1" || status.Error.Details["max_activations"] != 1.0 {
		t.Errorf("%+v", status.Error)
	}
	expect(t, client.Status(), StateNotActivated, "ACTIVATION_LIMIT_REACHED")
	refuse(401, "UNAUTHORIZED")
	_, err = client.Activate(ctx, testKey)
	var refusal *Error
	if !errors.As(err, &refusal) || refusal.Code != "UNAUTHORIZED" || refusal.Status != 401 {
		t.Fatal(err)
	}
	_, err = client.Deactivate(ctx)
	if !errors.As(err, &refusal) || refusal.Code != CodeNotActivated {
		t.Fatal(err)
	}
}

func TestFilesAreInstalledAndRefused(t *testing.T) {
	vendor := newVendor(t)
	client := vendor.client(t, Options{})
	file := vendor.file(nil)
	if file[400] == '-' {
		t.Fatal("choose another place")
	}
	for other, state := range map[string]State{
		vendor.file(map[string]any{"product": "writer"}): StateInvalid,
		file[:len(file)/2]:            StateInvalid,
		"":                            StateInvalid,
		file[:400] + "-" + file[401:]: StateInvalid,
		vendor.file(map[string]any{"machine": map[string]any{"match": 1}}): StateInvalid,
		vendor.file(map[string]any{"machine": map[string]any{
			"match": "exact", "salt": "", "fingerprint": "", "components": map[string]any{},
		}}): StateWrongMachine,
	} {
		expect(t, client.InstallFile(other, ""), state, "")
		expect(t, client.Status(), StateNotActivated, "")
	}
	expect(t, client.InstallFile("Hello,\r\n\r\n"+strings.ReplaceAll(file, "\n", "\r\n"), ""), StateValid, "")
	older := vendor.file(map[string]any{"seq": 5})
	expect(t, client.InstallFile(older, ""), StateInvalid, "")
	expect(t, client.Status(), StateValid, "")
}

func TestStatusListRevokesUntilTheServerSaysOtherwise(t *testing.T) {
	vendor := newVendor(t)
	client := vendor.client(t, Options{})
	activate(t, client)
	list := func(uri string, issued int64, bits ...byte) string {
		var compressed bytes.Buffer
		writer := zlib.NewWriter(&compressed)
		_, _ = writer.Write(bits)
		_ = writer.Close()
		return vendor.sign("statuslist+jwt", map[string]any{
			"sub": uri, "iat": issued, "exp": issued + 9, "ttl": 1,
			"status_list": map[string]any{"bits": 1, "lst": encodeBytes(compressed.Bytes())},
		})
	}
	now := time.Now().Unix()
	own := client.Status().File.StatusURI
	install := func(jws string, state State) {
		t.Helper()
		status, err := client.InstallStatusList("\n" + jws + " ")
		if err != nil {
			t.Fatal(err)
		}
		expect(t, status, state, "")
	}
	install(list(own, now, 0, 0xfd), StateValid)
	install(list(own, now+1, 0, 2), StateRevoked)
	install(list(own, now, 0, 0), StateRevoked)
	install(list(own+"1", now+5, 0, 0), StateRevoked)
	for _, bad := range []string{"", "a.b.c", list(own, now+9)[1:], list(own, now+9, make([]byte, 16385)...)} {
		var refusal *Error
		if _, err := client.InstallStatusList(bad); !errors.As(err, &refusal) || refusal.Code != CodeUntrustedAnswer {
			t.Errorf("%.20q: %v", bad, err)
		}
	}
	vendor.answers(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/list" {
			vendor.answer(w, r)
			return
		}
		if r.Header.Get("X-Api-Key") != "" {
			t.Error("the list is asked for with the API key")
		}
		_, _ = w.Write([]byte(list(own, now+2, 0, 0)))
	})
	expect(t, client.Refresh(ctx), StateValid, "")
}

func TestRemovalCodeIsShownAgainAndItsFileRefused(t *testing.T) {
	vendor, storage := newVendor(t), &memoryStorage{}
	client := vendor.client(t, Options{Storage: storage})
	if _, err := client.DeactivateOffline(); err == nil {
		t.Fatal("a device without a license gives one back")
	}
	file := vendor.file(nil)
	expect(t, client.InstallFile(file, testKey), StateValid, "")
	code, err := client.DeactivateOffline()
	if err != nil || len(code) < 35 {
		t.Fatal(code, err)
	}
	for _, one := range []*Client{client, vendor.client(t, Options{Storage: storage})} {
		expect(t, one.Status(), StateNotActivated, "")
		expect(t, one.InstallFile(file, testKey), StateNotActivated, "")
		if again, err := one.DeactivateOffline(); err != nil || again != code {
			t.Error(again, err)
		}
	}
	next := vendor.file(map[string]any{"seq": time.Now().Unix() + 1})
	expect(t, client.InstallFile(next, testKey), StateValid, "")
}

func TestCallsAtTheSameTime(t *testing.T) {
	vendor := newVendor(t)
	storage := FileStorage(t.TempDir() + "/app/license.json")
	client := vendor.client(t, Options{Storage: storage})
	activate(t, client)
	client.OnChange(func(Status) { client.Refresh(ctx) })
	vendor.answers(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(20 * time.Millisecond)
		vendor.answer(w, r)
	})
	calls := []func(){
		func() { client.Start() }, func() { client.Status() }, func() { client.Refresh(ctx) },
		func() { client.Refresh(ctx) }, func() { _, _ = client.CheckOut(ctx, CheckOutOptions{Encrypt: true}) },
		func() { _, _ = client.Activate(ctx, testKey) }, func() { _, _ = client.CheckIn(ctx) },
		func() { client.InstallFile(vendor.file(nil), "") }, func() { client.OfflineRequest(testKey, true) },
		func() { client.OnChange(func(Status) {})() }, func() { _, _ = client.Usage.Increment(ctx, "exports", 1) },
		func() { _, _ = client.Seats.Start(ctx) }, func() { _ = client.Seats.End(ctx) },
		func() { _, _ = client.CheckForUpdate(ctx) }, func() { _, _ = client.InstallStatusList("a.b.c") },
	}
	var all sync.WaitGroup
	for turn := 0; turn < 4; turn++ {
		for _, call := range calls {
			all.Add(1)
			go func(call func()) {
				defer all.Done()
				call()
			}(call)
		}
	}
	all.Wait()
	status := client.Refresh(ctx)
	expect(t, status, StateValid, "")
	if status.StorageError != nil {
		t.Error(status.StorageError)
	}
}

func TestRefreshesAtTheSameTimeAreOneRequest(t *testing.T) {
	vendor := newVendor(t)
	client := vendor.client(t, Options{})
	activate(t, client)
	vendor.answers(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(200 * time.Millisecond)
		vendor.answer(w, r)
	})
	var all sync.WaitGroup
	for turn := 0; turn < 9; turn++ {
		all.Add(1)
		go func() {
			defer all.Done()
			client.Refresh(ctx)
		}()
	}
	cancelled, cancel := context.WithTimeout(ctx, 20*time.Millisecond)
	defer cancel()
	status := client.Refresh(cancelled)
	if status.State != StateValid || !errors.Is(status.Error, context.DeadlineExceeded) {
		t.Error("one who does not wait:", status.State, status.Error)
	}
	all.Wait()
	if count := len(vendor.seen()); count != 1 {
		t.Errorf("%d requests", count)
	}
}
