// A refresh that is under way: callers who ask meanwhile wait for the same one.

package latchkey

import "context"

// flight is a refresh that is under way.
type flight struct {
	// done is closed when status is there.
	done   chan struct{}
	status Status
	// waiting counts callers, under the client's mu. Without any, the request is cancelled.
	waiting int
	cancel  context.CancelFunc
}

// Refresh asks the server, and returns the state afterwards. Calls at the same time are one request. It does not fail
// because of the network: Status.Error says so. When ctx ends before, it returns the state by what is kept.
func (c *Client) Refresh(ctx context.Context) Status {
	c.mu.Lock()
	current := c.flight
	if current == nil {
		flying, cancel := context.WithCancel(context.Background())
		current = &flight{done: make(chan struct{}), cancel: cancel}
		c.flight = current
		go c.fly(flying, current)
	}
	current.waiting++
	c.mu.Unlock()

	select {
	case <-current.done:
		c.listeners.tell()
		return current.status
	case <-ctx.Done():
	}
	c.mu.Lock()
	current.waiting--
	if current.waiting == 0 {
		current.cancel()
		if c.flight == current {
			c.flight = nil
		}
	}
	c.mu.Unlock()
	status := c.Status()
	status.Error = networkError(ctx.Err())
	return status
}

func (c *Client) fly(ctx context.Context, own *flight) {
	defer own.cancel()
	if failed := take(ctx, c.life, c.turn); failed != nil {
		if c.life.Err() != nil {
			c.mu.Lock()
			c.lastError = failed
			c.mu.Unlock()
		}
		own.status = c.Status()
		own.status.Error = failed
	} else {
		own.status = c.refresh(ctx)
		<-c.turn
	}
	c.mu.Lock()
	if c.flight == own {
		c.flight = nil
	}
	isLeft := own.waiting == 0
	c.mu.Unlock()
	close(own.done)
	if isLeft {
		c.listeners.tell()
	}
}
