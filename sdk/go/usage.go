// Metered use: units are counted at once, or reserved for work that may fail.

package latchkey

import (
	"context"
	"time"
)

// Meter is a meter after a call.
type Meter struct {
	// ID is that of the count: two answers with the same one are one count.
	ID string
	// Used and Reserved are units.
	Used, Reserved int64
	// Limit and Remaining are nil where there is no limit.
	Limit, Remaining *int64
}

// Reservation are units that are held for work that may fail.
type Reservation struct {
	// ID is what Commit and Release take.
	ID string
	// ExpiresAt is when the units come back by themselves.
	ExpiresAt time.Time
	// Meter is the meter after the reservation.
	Meter Meter
}

// Usage is metered use. Errors of its methods are an *Error.
type Usage struct{ client *Client }

// Increment counts units of a meter: all of them or, when too few are left (USAGE_LIMIT_REACHED), none.
func (u *Usage) Increment(ctx context.Context, meter string, amount int64) (Meter, error) {
	body, failed := u.use(meter, amount)
	if failed != nil {
		return Meter{}, failed
	}
	return u.meter(ctx, "increment", body)
}

// Reserve holds units for so long; 0: one minute.
func (u *Usage) Reserve(ctx context.Context, meter string, amount int64, ttl time.Duration) (Reservation, error) {
	body, failed := u.use(meter, amount)
	if failed != nil {
		return Reservation{}, failed
	}
	setDefault(&ttl, time.Minute)
	body["ttl"] = int64((ttl + time.Second - 1) / time.Second)
	answer, failed := u.post(ctx, "reserve", body)
	if failed != nil {
		return Reservation{}, failed
	}
	reservation := Reservation{ID: text(answer, "reservation"), Meter: meterOf(answer)}
	var err error
	reservation.ExpiresAt, err = time.Parse(time.RFC3339, text(answer, "expires_at"))
	if err != nil || reservation.ID == "" {
		return Reservation{}, untrusted(malformed("The answer has no reservation."), 200)
	}
	return reservation, nil
}

// Commit counts all that was reserved.
func (u *Usage) Commit(ctx context.Context, reservation string) (Meter, error) {
	return u.meter(ctx, "commit", map[string]any{"reservation": reservation})
}

// CommitAmount counts what was used of a reservation, and gives back the rest.
func (u *Usage) CommitAmount(ctx context.Context, reservation string, amount int64) (Meter, error) {
	return u.meter(ctx, "commit", map[string]any{"reservation": reservation, "amount": amount})
}

// Release gives back what was reserved.
func (u *Usage) Release(ctx context.Context, reservation string) (Meter, error) {
	return u.meter(ctx, "release", map[string]any{"reservation": reservation})
}

func (u *Usage) use(meter string, amount int64) (map[string]any, *Error) {
	licenseKey, failed := u.client.licenseKey()
	if failed != nil {
		return nil, failed
	}
	body := u.client.device(licenseKey)
	if u.client.options.Version != "" {
		body["app_version"] = u.client.options.Version
	}
	body["meter"], body["amount"] = meter, amount
	return body, nil
}

func (u *Usage) meter(ctx context.Context, call string, body map[string]any) (Meter, error) {
	answer, failed := u.post(ctx, call, body)
	if failed != nil {
		return Meter{}, failed
	}
	return meterOf(answer), nil
}

func (u *Usage) post(ctx context.Context, call string, body map[string]any) (map[string]any, *Error) {
	answer, failed := u.client.api.post(ctx, "/api/license/usage/"+call, body, true)
	if failed == nil && text(answer, "id") == "" {
		return nil, untrusted(malformed("The answer has no meter."), 200)
	}
	return answer, failed
}

func meterOf(answer map[string]any) Meter {
	meter := Meter{ID: text(answer, "id")}
	meter.Used, _ = integer(answer["used"])
	meter.Reserved, _ = integer(answer["reserved"])
	if limit, isThere := integer(answer["limit"]); isThere {
		meter.Limit = &limit
	}
	if remaining, isThere := integer(answer["remaining"]); isThere {
		meter.Remaining = &remaining
	}
	return meter
}
