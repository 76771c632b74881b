// Refreshes in the background, with timers that the test ends.

package latchkey

import (
	"encoding/json"
	"net/http"
	"sync"
	"testing"
	"time"
)

// manualClock has timers that end when the test says so.
type manualClock struct {
	testClock
	timers chan manualTimer
}

type manualTimer struct {
	duration time.Duration
	fire     chan time.Time
}

func (c *manualClock) NewTimer(duration time.Duration) (<-chan time.Time, func()) {
	timer := manualTimer{duration, make(chan time.Time, 1)}
	c.timers <- timer
	return timer.fire, func() {}
}

// constant is a reader of one byte, again and again.
type constant byte

func (c constant) Read(data []byte) (int, error) {
	for index := range data {
		data[index] = byte(c)
	}
	return len(data), nil
}

func TestRefreshesInTheBackground(t *testing.T) {
	for random, share := range map[constant]float64{0: 0, 255: 1} {
		vendor, clock := newVendor(t), &manualClock{timers: make(chan manualTimer, 9)}
		client := vendor.client(t, Options{Clock: clock, Random: random})
		activate(t, client)
		var mu sync.Mutex
		leaseEnds, retryAfter := "", ""
		vendor.answers(func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			defer mu.Unlock()
			if retryAfter != "" {
				w.Header().Set("Retry-After", retryAfter)
				w.WriteHeader(429)
				return
			}
			var sent map[string]any
			_ = json.NewDecoder(r.Body).Decode(&sent)
			body := map[string]any{"signature": vendor.validation(map[string]any{"nonce": sent["nonce"]})}
			if leaseEnds != "" {
				body["lease_ends"] = leaseEnds
			}
			writeJSON(w, 200, body)
		})
		expect(t, client.Start(), StateValid, "")
		expect(t, client.Start(), StateValid, "")
		// next checks what is waited, and then lets the refresh be answered so.
		next := func(low, high, lease time.Duration, retry string) {
			t.Helper()
			timer, tolerance := <-clock.timers, 5*time.Second
			expected := low + time.Duration(share*float64(high-low))
			if timer.duration < expected-tolerance || timer.duration > expected+tolerance {
				t.Errorf("%v is waited, expected %v", timer.duration, expected)
			}
			mu.Lock()
			leaseEnds, retryAfter = "", retry
			if lease > 0 {
				leaseEnds = time.Now().Add(lease).UTC().Format(time.RFC3339)
			}
			mu.Unlock()
			timer.fire <- time.Now()
		}
		next(0, 5*time.Second, 0, "")
		next(54*time.Minute, time.Hour, 30*time.Minute, "")
		next(9*time.Minute, 10*time.Minute, 30*time.Second, "")
		next(time.Minute, time.Minute, 0, "7200")
		next(2*time.Hour, 2*time.Hour, 0, "99999999999999999999")
		next(time.Minute, time.Minute, 0, "9999999999")
		if timer := <-clock.timers; timer.duration != longestRetryAfter {
			t.Error(timer.duration)
		}
		if err := client.Close(); err != nil || len(clock.timers) > 0 {
			t.Error(err, len(clock.timers))
		}
	}
}

func TestUsageAndUpdates(t *testing.T) {
	vendor := newVendor(t)
	client := vendor.client(t, Options{})
	activate(t, client)
	vendor.answers(func(w http.ResponseWriter, r *http.Request) {
		writeJSON(w, 200, map[string]any{
			"id": "1", "used": 2, "reserved": 1, "limit": 4, "remaining": nil, "reservation": "r",
			"expires_at": "2026-01-19T10:31:00Z", "update_available": true, "latest_version": "3", "is_mandatory": false,
		})
	})
	check := func(meter Meter, err error) {
		t.Helper()
		if err != nil || meter.ID != "1" || meter.Used != 2 || meter.Reserved != 1 || *meter.Limit != 4 || meter.Remaining != nil {
			t.Error(meter, err)
		}
	}
	check(client.Usage.Increment(ctx, "exports", 3))
	reservation, err := client.Usage.Reserve(ctx, "exports", 1, 0)
	check(reservation.Meter, err)
	if reservation.ID != "r" || reservation.ExpiresAt.Unix() != 1768818660 {
		t.Error(reservation)
	}
	check(client.Usage.Commit(ctx, "r"))
	check(client.Usage.CommitAmount(ctx, "r", 0))
	check(client.Usage.Release(ctx, "r"))
	if update, err := client.CheckForUpdate(ctx); err != nil || !update.Available || update.LatestVersion != "3" || update.DownloadURL != "" {
		t.Error(update, err)
	}
	vendor.mu.Lock()
	bodies := vendor.bodies
	vendor.mu.Unlock()
	if bodies[0]["amount"] != 3.0 || bodies[1]["ttl"] != 60.0 || bodies[2]["amount"] != nil || bodies[3]["amount"] != 0.0 {
		t.Error(bodies)
	}
}

func TestListenersMayFailAndBeRemoved(t *testing.T) {
	var all listeners
	heard := 0
	remove := all.add(func(Status) { heard++ })
	all.add(func(status Status) {
		if status.State == StateExpired {
			panic("a listener's own")
		}
	})
	all.note(Status{State: StateExpired})
	func() {
		defer func() { _ = recover() }()
		all.tell()
	}()
	all.note(Status{State: StateValid})
	all.tell()
	remove()
	all.note(Status{State: StateGrace})
	all.tell()
	if heard != 2 {
		t.Error(heard)
	}
}
