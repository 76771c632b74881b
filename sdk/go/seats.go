// Sessions of concurrent users: one is started, renewed while the app runs, and ended with it.

package latchkey

import (
	"context"
	"net/http"
	"sync"
	"time"
)

const (
	// shortestRenewal keeps a server whose clock is wrong from being asked without a pause.
	shortestRenewal = time.Second
	// failedRenewal is when a renewal that failed is tried again.
	failedRenewal = 5 * time.Second
)

// Session is a session of a concurrent user.
type Session struct {
	// ID is that of the server.
	ID string
	// ExpiresAt is when it ends unless it is renewed.
	ExpiresAt time.Time
	// ActiveSessions and MaxUsers are those of the license.
	ActiveSessions, MaxUsers int64
}

// Seats are the sessions of concurrent users. This app has one at a time.
type Seats struct {
	client *Client
	// turn is held by the call that is under way.
	turn chan struct{}

	// mu guards what follows.
	mu      sync.Mutex
	session *Session
	cancel  context.CancelFunc
}

// Session returns the session that was started; false when there is none, or it was lost.
func (s *Seats) Session() (Session, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.session == nil {
		return Session{}, false
	}
	return *s.session, true
}

// Start starts a session and renews it in the background until End is called, or the client is stopped. The error is an
// *Error, of the code SESSION_LIMIT_REACHED when all are in use.
func (s *Seats) Start(ctx context.Context) (Session, error) {
	if failed := take(ctx, s.client.life, s.turn); failed != nil {
		return Session{}, failed
	}
	defer func() { <-s.turn }()
	licenseKey, failed := s.client.licenseKey()
	if failed != nil {
		return Session{}, failed
	}
	body := s.client.device(licenseKey)
	if session, isThere := s.Session(); isThere {
		body["session_id"] = session.ID
	}
	session, failed := s.post(ctx, "start", body)
	if failed != nil {
		return Session{}, failed
	}
	renewing, cancel := context.WithCancel(s.client.life)
	s.replace(session, cancel)
	go s.renew(renewing, *session)
	return *session, nil
}

// End ends the session. Without one it does nothing.
func (s *Seats) End(ctx context.Context) error {
	if failed := take(ctx, s.client.life, s.turn); failed != nil {
		return failed
	}
	defer func() { <-s.turn }()
	session, isThere := s.Session()
	s.replace(nil, nil)
	if !isThere {
		return nil
	}
	_, failed := s.client.api.post(ctx, "/api/license/session/end", map[string]any{"session_id": session.ID}, true)
	return asError(failed)
}

// replace ends renewing the session before.
func (s *Seats) replace(session *Session, cancel context.CancelFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cancel != nil {
		s.cancel()
	}
	s.session, s.cancel = session, cancel
}

// renew renews the session in a third of its time, so that two renewals may fail.
func (s *Seats) renew(ctx context.Context, session Session) {
	delay := s.untilRenewal(session)
	for wait(ctx, s.client.options.Clock, delay) {
		renewed, failed := s.post(ctx, "heartbeat", map[string]any{"session_id": session.ID})
		isLost := failed != nil && failed.Status >= 400 && failed.Status < 500 && failed.Status != http.StatusTooManyRequests
		delay = failedRenewal
		s.mu.Lock()
		switch {
		case ctx.Err() != nil:
			s.mu.Unlock()
			return
		case isLost:
			s.session = nil
			s.mu.Unlock()
			return
		case failed == nil:
			session = *renewed
			s.session = renewed
			delay = s.untilRenewal(session)
		}
		s.mu.Unlock()
	}
}

func (s *Seats) untilRenewal(session Session) time.Duration {
	delay := session.ExpiresAt.Sub(s.client.options.Clock.Now()) / 3
	if delay < shortestRenewal {
		return shortestRenewal
	}
	return delay
}

func (s *Seats) post(ctx context.Context, call string, body map[string]any) (*Session, *Error) {
	answer, failed := s.client.api.post(ctx, "/api/license/session/"+call, body, true)
	if failed != nil {
		return nil, failed
	}
	session := &Session{ID: text(answer, "session_id")}
	var err error
	session.ExpiresAt, err = time.Parse(time.RFC3339, text(answer, "expires_at"))
	if err != nil || session.ID == "" {
		return nil, untrusted(malformed("The answer has no session."), 200)
	}
	session.ActiveSessions, _ = integer(answer["active_sessions"])
	session.MaxUsers, _ = integer(answer["max_users"])
	return session, nil
}
