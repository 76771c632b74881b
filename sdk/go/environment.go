// What the library uses of its surroundings, each of which an app can replace: network, time, chance.

package latchkey

import (
	"crypto/rand"
	"io"
	"sync"
	"time"
)

// Clock tells the time and waits. The default is the system's.
type Clock interface {
	// Now is the time at this moment.
	Now() time.Time
	// NewTimer returns a channel that gets a value once the duration is over, and a function that releases the timer.
	NewTimer(time.Duration) (<-chan time.Time, func())
}

// systemClock is the clock of the system.
type systemClock struct{}

func (systemClock) Now() time.Time { return time.Now() }

func (systemClock) NewTimer(duration time.Duration) (<-chan time.Time, func()) {
	timer := time.NewTimer(duration)
	return timer.C, func() { timer.Stop() }
}

// randomSource reads random bytes, one caller at a time: an io.Reader need not be safe for several.
type randomSource struct {
	mu     sync.Mutex
	reader io.Reader
}

// bytes returns random bytes; those of the system when the app's own reader fails.
func (r *randomSource) bytes(length int) ([]byte, *Error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	data := make([]byte, length)
	_, err := io.ReadFull(r.reader, data)
	if err != nil {
		_, err = rand.Read(data)
	}
	if err != nil {
		return nil, &Error{Code: CodeNetworkError, Message: "There are no random bytes for the request.", cause: err}
	}
	return data, nil
}

// fraction is a random number from 0 to 1.
func (r *randomSource) fraction() float64 {
	data, err := r.bytes(2)
	if err != nil {
		return 1
	}
	return (float64(data[0])*256 + float64(data[1])) / 65535
}
