// What the library does when its surroundings fail: network, servers, and apps that stop.

package latchkey

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"
)

func TestRepeatsWithOneIdempotencyKey(t *testing.T) {
	vendor := newVendor(t)
	client := vendor.client(t, Options{Retries: RetryPolicy{Attempts: 5, FirstDelay: time.Millisecond}})
	call := 0
	vendor.answers(func(w http.ResponseWriter, r *http.Request) {
		call++
		switch call {
		case 1:
			panic(http.ErrAbortHandler)
		case 2:
			w.WriteHeader(503)
		case 3:
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(429)
		default:
			vendor.answer(w, r)
		}
	})
	began := time.Now()
	activate(t, client)
	if time.Since(began) < time.Second {
		t.Error("Retry-After was not waited for")
	}
	keys := map[string]bool{}
	for _, request := range vendor.seen()[:4] {
		keys[request.Header.Get("Idempotency-Key")] = true
	}
	if len(keys) != 1 || keys[""] {
		t.Error(keys)
	}
}

func TestAnswersThatAreNotBelieved(t *testing.T) {
	vendor := newVendor(t)
	client := vendor.client(t, Options{Timeout: 300 * time.Millisecond})
	activate(t, client)
	for name, one := range map[string]struct {
		code    string
		handler http.HandlerFunc
	}{
		"a page": {CodeUntrustedAnswer, func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write([]byte("<h1>Sign in</h1>")) }},
		"unsigned": {CodeUntrustedAnswer, func(w http.ResponseWriter, r *http.Request) {
			writeJSON(w, 200, map[string]any{"valid": false, "code": "LICENSE_INACTIVE"})
		}},
		"a name in another case": {CodeUntrustedAnswer, func(w http.ResponseWriter, r *http.Request) {
			writeJSON(w, 200, map[string]any{"SIGNATURE": vendor.validation(nil), "Signature": "a.b.c"})
		}},
		"recorded": {CodeUntrustedAnswer, func(w http.ResponseWriter, r *http.Request) {
			writeJSON(w, 200, map[string]any{"signature": vendor.validation(map[string]any{"nonce": "recorded"})})
		}},
		"deep": {CodeUntrustedAnswer, func(w http.ResponseWriter, r *http.Request) {
			_, _ = w.Write([]byte(strings.Repeat(`{"a":[`, 300000)))
		}},
		"10 MB": {CodeNetworkError, func(w http.ResponseWriter, r *http.Request) {
			_, _ = w.Write([]byte(`{"a":"` + strings.Repeat("a", 10<<20) + `"}`))
		}},
		"cut": {CodeNetworkError, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "1000")
			_, _ = w.Write([]byte(`{"a":`))
		}},
		"byte by byte": {CodeNetworkError, func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				_, _ = w.Write([]byte(" "))
				w.(http.Flusher).Flush()
				time.Sleep(20 * time.Millisecond)
			}
		}},
		"never":   {CodeNetworkError, func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() }},
		"a proxy": {"HTTP_502", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(502) }},
	} {
		vendor.answers(one.handler)
		t.Run(name, func(t *testing.T) { expect(t, client.Refresh(ctx), StateValid, one.code) })
	}
}

func TestRedirectsKeepTheAPIKey(t *testing.T) {
	vendor := newVendor(t)
	client := vendor.client(t, Options{})
	activate(t, client)
	var received []http.Header
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		received = append(received, r.Header)
		w.WriteHeader(500)
	}))
	defer other.Close()
	for status := 301; status <= 308; status++ {
		vendor.answers(func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, other.URL+r.URL.Path, status)
		})
		if found := client.Refresh(ctx); found.State != StateValid || found.Error == nil {
			t.Error(status, found.State, found.Error)
		}
	}
	for _, header := range received {
		if header.Get("X-Api-Key") != "" {
			t.Error("another server was told the API key")
		}
	}
	vendor.answers(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/api/license/verify" && r.URL.RawQuery == "" {
			http.Redirect(w, r, "/api/license/verify?here", http.StatusPermanentRedirect)
			return
		}
		vendor.answer(w, r)
	})
	expect(t, client.Refresh(ctx), StateValid, "")
}

func TestStopEndsWhatWaits(t *testing.T) {
	before := runtime.NumGoroutine()
	vendor := newVendor(t)
	client := vendor.client(t, Options{Retries: RetryPolicy{Attempts: 5}})
	activate(t, client)
	vendor.answers(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", "30")
		w.WriteHeader(503)
	})
	expect(t, client.Start(), StateValid, "")
	done := make(chan error)
	go func() {
		_, err := client.CheckOut(ctx, CheckOutOptions{})
		done <- err
	}()
	go func() { done <- asError(client.Refresh(ctx).Error) }()
	time.Sleep(100 * time.Millisecond)
	client.Stop()
	for turn := 0; turn < 2; turn++ {
		select {
		case err := <-done:
			// That of the last attempt, or ErrStopped where there was none.
			if err == nil {
				t.Error("a call that was ended has no error")
			}
		case <-time.After(5 * time.Second):
			t.Fatal("a call waits although the client was stopped")
		}
	}
	if _, err := client.Activate(ctx, testKey); !errors.Is(err, ErrStopped) {
		t.Error(err)
	}
	if status := client.Refresh(ctx); status.State != StateValid || !errors.Is(status.Error, ErrStopped) {
		t.Error(status.State, status.Error)
	}
	if status := client.Status(); status.State != StateValid || status.Error == nil {
		t.Error(status.State, status.Error)
	}
	vendor.server.CloseClientConnections()
	vendor.server.Close()
	for turn := 0; runtime.NumGoroutine() > before+2; turn++ {
		if turn == 100 {
			t.Fatalf("%d goroutines are left of %d", runtime.NumGoroutine(), before)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func TestCancelledCalls(t *testing.T) {
	vendor := newVendor(t)
	client := vendor.client(t, Options{})
	activate(t, client)
	vendor.answers(func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	soon, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
	defer cancel()
	if _, err := client.CheckOut(soon, CheckOutOptions{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	if _, err := client.CheckIn(soon); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	if status := client.Refresh(soon); status.State != StateValid || status.Error == nil {
		t.Error(status.State, status.Error)
	}
	vendor.answers(nil)
	expect(t, client.Refresh(ctx), StateValid, "")
}

func TestSeatsAreRenewedAndLost(t *testing.T) {
	vendor := newVendor(t)
	client := vendor.client(t, Options{})
	activate(t, client)
	beats := make(chan string, 99)
	lost := false
	vendor.answers(func(w http.ResponseWriter, r *http.Request) {
		beats <- r.URL.Path
		if lost {
			writeJSON(w, 404, map[string]any{"error": map[string]any{"code": "SESSION_NOT_FOUND", "message": "No."}})
			return
		}
		lost = strings.HasSuffix(r.URL.Path, "heartbeat")
		writeJSON(w, 201, map[string]any{
			"session_id": "one", "expires_at": time.Now().Add(time.Second).Format(time.RFC3339), "active_sessions": 1, "max_users": 2,
		})
	})
	session, err := client.Seats.Start(ctx)
	if err != nil || session.ID != "one" || session.MaxUsers != 2 {
		t.Fatal(session, err)
	}
	for turn := 0; turn < 3; turn++ {
		<-beats
	}
	for turn := 0; turn < 100; turn++ {
		if _, isThere := client.Seats.Session(); !isThere {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	if _, isThere := client.Seats.Session(); isThere {
		t.Error("a session that was lost is still there")
	}
	if err := client.Seats.End(ctx); err != nil {
		t.Error(err)
	}
}
