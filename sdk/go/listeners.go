// Listeners, which are told of each new state outside of all locks, so that they may call the client.

package latchkey

import "sync"

type listener struct{ call func(Status) }

// listeners are those of a client, with the states that they have not been told of yet.
type listeners struct {
	mu        sync.Mutex
	all       []*listener
	last      State
	queue     []Status
	isTelling bool
}

func (l *listeners) add(call func(Status)) (remove func()) {
	added := &listener{call}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all = append(l.all[:len(l.all):len(l.all)], added)
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		var others []*listener
		for _, one := range l.all {
			if one != added {
				others = append(others, one)
			}
		}
		l.all = others
	}
}

// note takes a status, of which tell tells if its state is another one.
func (l *listeners) note(status Status) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if status.State != l.last {
		l.last = status.State
		l.queue = append(l.queue, status)
	}
}

// tell calls the listeners. If another goroutine does, or one of them has called the client, they get the state there.
func (l *listeners) tell() {
	if !l.begin() {
		return
	}
	defer l.end()
	for {
		status, all, isThere := l.take()
		if !isThere {
			return
		}
		for _, one := range all {
			one.call(status)
		}
	}
}

func (l *listeners) begin() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.isTelling || len(l.queue) == 0 {
		return false
	}
	l.isTelling = true
	return true
}

// take takes the next status; without one, telling has ended.
func (l *listeners) take() (Status, []*listener, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.queue) == 0 {
		l.isTelling = false
		return Status{}, nil, false
	}
	status := l.queue[0]
	l.queue = l.queue[1:]
	return status, l.all, true
}

// end lets others tell after a listener has panicked.
func (l *listeners) end() {
	if recovered := recover(); recovered != nil {
		l.mu.Lock()
		l.isTelling = false
		l.mu.Unlock()
		panic(recovered)
	}
}
