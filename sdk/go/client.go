// The client of an app: its license on this device, known at once without a network, and refreshed in the background.

package latchkey

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// Version is that of the library.
const Version = "0.9.0"

const (
	// firstRefresh is within how long after the start the first refresh comes.
	firstRefresh = 5 * time.Second
	// shortestInterval is how near refreshes in the background may be.
	shortestInterval = time.Minute
)

// Client has the license of an app on this device. Its methods may be called by several goroutines at once.
type Client struct {
	// Seats are the sessions of concurrent users.
	Seats *Seats
	// Usage is metered use.
	Usage *Usage

	options   Options
	ownHTTP   bool
	api       *api
	random    *randomSource
	kept      *keptRecord
	listeners listeners
	// turn is held by the request about the license that is under way: they follow one another.
	turn chan struct{}
	// life ends with Stop.
	life context.Context
	end  context.CancelFunc

	// mu guards what follows.
	mu        sync.Mutex
	isStarted bool
	flight    *flight
	lastError *Error
	leaseEnds time.Time
}

// New makes a client. It touches neither disk nor network. The error is an *Error with CodeInvalidOptions.
func New(options Options) (*Client, error) {
	complete, failed := options.withDefaults()
	if failed != nil {
		return nil, failed
	}
	client := &Client{
		options: complete,
		ownHTTP: options.Transport == nil,
		random:  &randomSource{reader: complete.Random},
		kept:    &keptRecord{storage: complete.Storage},
		turn:    make(chan struct{}, 1),
	}
	client.life, client.end = context.WithCancel(context.Background())
	client.api = newAPI(client.life, complete, client.random)
	client.Seats = &Seats{client: client, turn: make(chan struct{}, 1)}
	client.Usage = &Usage{client}
	return client, nil
}

// Start returns the state by what is kept on the device, without waiting for the network. Refreshes begin in the
// background: within 5 seconds, then in intervals, until Stop is called.
func (c *Client) Start() Status {
	c.mu.Lock()
	isFirst := !c.isStarted
	c.isStarted = true
	c.mu.Unlock()
	status := c.Status()
	if isFirst {
		go c.refreshInBackground()
	}
	return status
}

// Stop ends refreshes in the background, and calls that are under way. Calls that need the network fail from then on;
// a client that was stopped cannot be started again.
func (c *Client) Stop() {
	c.end()
	if transport, ok := c.options.Transport.(*http.Transport); ok && c.ownHTTP {
		transport.CloseIdleConnections()
	}
}

// Close stops the client, so that it is an io.Closer. The error is nil.
func (c *Client) Close() error {
	c.Stop()
	return nil
}

// Status returns the state by what is kept on the device, at this moment, without the network.
func (c *Client) Status() Status {
	status := localState(c.kept.read(), c.options, c.options.Clock.Now().Unix())
	c.mu.Lock()
	status.Error = c.lastError
	c.mu.Unlock()
	status.StorageError = c.kept.problem()
	return status
}

// OnChange calls a listener with each new state, one after another, in the goroutine whose call brought it. The listener
// may call the client. The function that is returned removes it.
func (c *Client) OnChange(listener func(Status)) (remove func()) { return c.listeners.add(listener) }

// noteChange is the status, of which listeners are told as soon as the call is over.
func (c *Client) noteChange() Status {
	status := c.Status()
	c.listeners.note(status)
	return status
}

func (c *Client) refreshInBackground() {
	delay := time.Duration(float64(firstRefresh) * c.random.fraction())
	for wait(c.life, c.options.Clock, delay) {
		c.Refresh(c.life)
		delay = c.untilNext()
	}
}

// untilNext is the time until the next refresh: a third of the activation's time at the latest, but not before the server
// wants it. Of it between nine tenths and the whole are waited, so that apps that were started at once do not stay together.
func (c *Client) untilNext() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	next := c.options.RefreshInterval
	if !c.leaseEnds.IsZero() {
		if third := c.leaseEnds.Sub(c.options.Clock.Now()) / 3; third < next {
			next = third
		}
	}
	next = time.Duration(float64(next) * (0.9 + c.random.fraction()/10))
	if next < shortestInterval {
		next = shortestInterval
	}
	if c.lastError != nil && c.lastError.RetryAfter > next {
		next = c.lastError.RetryAfter
	}
	return next
}

// inTurn does work while no other request about the license is under way, and tells listeners afterwards.
func (c *Client) inTurn(ctx context.Context, work func() *Error) *Error {
	if failed := take(ctx, c.life, c.turn); failed != nil {
		return failed
	}
	defer c.listeners.tell()
	defer func() { <-c.turn }()
	return work()
}

// take takes a turn, unless one of both contexts ends before.
func take(ctx, life context.Context, turn chan struct{}) *Error {
	if life.Err() != nil {
		return networkError(ErrStopped)
	}
	if ctx.Err() != nil {
		return networkError(ctx.Err())
	}
	select {
	case turn <- struct{}{}:
		return nil
	case <-life.Done():
		return networkError(ErrStopped)
	case <-ctx.Done():
		return networkError(ctx.Err())
	}
}

// licenseKey is the key of the license on this device.
func (c *Client) licenseKey() (string, *Error) {
	if key := c.kept.read().licenseKey; key != "" {
		return key, nil
	}
	return "", notActivated()
}

// device is what calls about this device send.
func (c *Client) device(licenseKey string) map[string]any {
	return map[string]any{"license_key": licenseKey, "hardware_hash": c.options.Device.Fingerprint}
}

// deviceWithParts is the same with the components of the device and the version of the app.
func (c *Client) deviceWithParts(licenseKey string) map[string]any {
	body := c.device(licenseKey)
	if c.options.Device.Components != nil {
		body["components"] = c.options.Device.Components
	}
	if c.options.Version != "" {
		body["app_version"] = c.options.Version
	}
	return body
}
