// The conformance program: reads one JSON object a line, calls the library, and writes one a line. The driver in
// tests/sdk/conformance of the repository drives those of all languages alike. It uses the public API alone.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"os"
	"sync"
	"time"

	"latchkey.example/latchkey"
)

// longestLine is how long a call may be; bytes.
const longestLine = 64 << 20

// answer is what is written.
type answer map[string]any

// program is the client that was opened last.
type program struct {
	client *latchkey.Client
	clock  *clock

	// mu guards the states that the listener heard.
	mu     sync.Mutex
	states []latchkey.State
}

func main() {
	var current program
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, longestLine)
	output := json.NewEncoder(os.Stdout)
	output.SetEscapeHTML(false)
	for lines.Scan() {
		var given call
		if err := json.Unmarshal(lines.Bytes(), &given); err != nil {
			_ = output.Encode(failure(&latchkey.Error{Code: "INVALID_CALL", Message: err.Error()}))
			continue
		}
		_ = output.Encode(current.answer(given))
	}
	if current.client != nil {
		current.client.Stop()
	}
}

// answer makes a call.
func (p *program) answer(given call) answer {
	switch given.Call {
	case "open":
		return p.open(given)
	case "parallel":
		return p.parallel(given.Calls)
	}
	if p.client == nil {
		return failure(&latchkey.Error{Code: "INVALID_CALL", Message: "There is no client."})
	}
	return p.call(given)
}

// open opens a client, and stops the one before.
func (p *program) open(given call) answer {
	var own clock
	own.stand(given.Now)
	client, err := latchkey.New(given.options(&own))
	if err != nil {
		return failure(err)
	}
	if p.client != nil {
		p.client.Stop()
	}
	p.mu.Lock()
	p.client, p.clock, p.states = client, &own, nil
	p.mu.Unlock()
	client.OnChange(func(status latchkey.Status) {
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.client == client {
			p.states = append(p.states, status.State)
		}
	})
	return answer{"ok": true}
}

// parallel makes calls at the same moment.
func (p *program) parallel(calls []call) answer {
	results := make([]answer, len(calls))
	var all sync.WaitGroup
	for index, given := range calls {
		all.Add(1)
		go func(index int, given call) {
			defer all.Done()
			results[index] = p.answer(given)
		}(index, given)
	}
	all.Wait()
	return answer{"results": results}
}

func (p *program) changes() answer {
	p.mu.Lock()
	defer p.mu.Unlock()
	states := append([]latchkey.State{}, p.states...)
	p.states = nil
	return answer{"states": states}
}

// clock stands where it was set, or goes as the system's with an offset.
type clock struct {
	mu     sync.Mutex
	now    *time.Time
	offset time.Duration
}

func (c *clock) stand(seconds *float64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = nil
	if seconds != nil {
		now := time.Unix(0, int64(*seconds*1e9))
		c.now = &now
	}
}

func (c *clock) shift(seconds float64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now, c.offset = nil, inSeconds(seconds)
}

// Now is the time that the driver has set.
func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.now != nil {
		return *c.now
	}
	return time.Now().Add(c.offset)
}

// NewTimer waits in real time.
func (c *clock) NewTimer(duration time.Duration) (<-chan time.Time, func()) {
	timer := time.NewTimer(duration)
	return timer.C, func() { timer.Stop() }
}

// ones is a reader of random bytes that are all 1.
type ones struct{}

func (ones) Read(data []byte) (int, error) {
	for index := range data {
		data[index] = 1
	}
	return len(data), nil
}

var (
	_ latchkey.Clock = (*clock)(nil)
	_ io.Reader      = ones{}
)

func inSeconds(seconds float64) time.Duration { return time.Duration(seconds * float64(time.Second)) }

// background is the context of all calls: the driver ends them with stop.
var background = context.Background()
