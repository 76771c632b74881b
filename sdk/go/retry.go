// When a call is repeated: after network errors, 429 and 503, with growing delays; never after a refusal.

package latchkey

import (
	"math"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// RetryPolicy says how often and how long calls are repeated. What is 0 has its default.
type RetryPolicy struct {
	// Attempts are calls in all; 5.
	Attempts int
	// FirstDelay is waited after the first call; one second. Each further one is twice as long.
	FirstDelay time.Duration
	// LongestDelay is 30 seconds.
	LongestDelay time.Duration
	// LongestWait is the longest Retry-After that is waited for; one minute. After a longer one the call fails at once.
	LongestWait time.Duration
}

func (p RetryPolicy) withDefaults() RetryPolicy {
	if p.Attempts == 0 {
		p.Attempts = 5
	}
	setDefault(&p.FirstDelay, time.Second)
	setDefault(&p.LongestDelay, 30*time.Second)
	setDefault(&p.LongestWait, time.Minute)
	return p
}

func setDefault(duration *time.Duration, value time.Duration) {
	if *duration == 0 {
		*duration = value
	}
}

// delayBeforeRetry is the delay before the next attempt, after so many; false when there is none. A random share, from 0
// to 1, between a half and the whole of the delay is waited, so that many apps do not call at the same moment; and never
// less than the server asks for.
func (p RetryPolicy) delayBeforeRetry(status int, asked time.Duration, attempts int, random float64) (time.Duration, bool) {
	isPassing := status == 0 || status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable
	if !isPassing || attempts >= p.Attempts || asked > p.LongestWait {
		return 0, false
	}
	longest := math.Min(float64(p.LongestDelay), float64(p.FirstDelay)*math.Pow(2, float64(attempts-1)))
	delay := time.Duration(longest * (0.5 + random/2))
	if asked > delay {
		return asked, true
	}
	return delay, true
}

var (
	retrySeconds = regexp.MustCompile(`^\s*([0-9]{1,10})\s*$`)
	// longestRetryAfter keeps a server from asking for a delay that no one lives to see.
	longestRetryAfter = 24 * 24 * time.Hour
)

// readRetryAfter reads the header Retry-After, which has seconds or a date; 0 when it has neither.
func readRetryAfter(header string, now time.Time) time.Duration {
	if found := retrySeconds.FindStringSubmatch(header); found != nil {
		seconds, _ := strconv.ParseInt(found[1], 10, 64)
		if seconds > int64(longestRetryAfter/time.Second) {
			return longestRetryAfter
		}
		return time.Duration(seconds) * time.Second
	}
	at, err := http.ParseTime(strings.TrimSpace(header))
	if err != nil || at.Before(now) {
		return 0
	}
	if until := at.Sub(now); until < longestRetryAfter {
		return until
	}
	return longestRetryAfter
}
