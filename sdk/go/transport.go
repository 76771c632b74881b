// HTTP: connections, redirects, and waiting.

package latchkey

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"
)

const (
	maxRedirects = 5
	// maxHeader is how long the header of an answer may be; bytes.
	maxHeader = 256 << 10
)

// defaultTransport has connections of its own, so that a client that was stopped leaves none behind.
func defaultTransport() http.RoundTripper {
	if transport, ok := http.DefaultTransport.(*http.Transport); ok {
		own := transport.Clone()
		own.MaxResponseHeaderBytes = maxHeader
		return own
	}
	return http.DefaultTransport
}

// checkRedirect follows redirects within one origin, which keep method and body. net/http would send the API key to any
// other origin too. Redirects of requests without one are followed, but not from https to http.
func checkRedirect(next *http.Request, before []*http.Request) error {
	first, last := before[0], before[len(before)-1]
	if len(before) > maxRedirects {
		return errors.New("there are too many redirects")
	}
	hasKey := first.Header.Get("X-Api-Key") != ""
	isOther := originOf(next.URL) != originOf(first.URL) || next.Method != first.Method
	if hasKey && isOther || last.URL.Scheme == "https" && next.URL.Scheme != "https" {
		return http.ErrUseLastResponse
	}
	return nil
}

func originOf(address *url.URL) string {
	port := address.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[address.Scheme]
	}
	return address.Scheme + "://" + address.Hostname() + ":" + port
}

// untilEither is ctx, which also ends when another context does.
func untilEither(ctx, other context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		select {
		case <-other.Done():
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, cancel
}

// wait waits, and reports whether the context did not end meanwhile.
func wait(ctx context.Context, clock Clock, duration time.Duration) bool {
	timer, release := clock.NewTimer(duration)
	defer release()
	select {
	case <-timer:
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}
