// Errors of calls: what the server refused, that it was not reached, and what is wrong with a signed text.

package latchkey

import (
	"errors"
	"time"
)

// Codes of errors that are the library's own. All others are the server's, such as ACTIVATION_LIMIT_REACHED, and
// HTTP_ with the status for answers that are not the server's.
const (
	// CodeNetworkError means that the server was not reached, or that the call was cancelled.
	CodeNetworkError = "NETWORK_ERROR"
	// CodeUntrustedAnswer means that an answer, a license file or a status list is not the vendor's.
	CodeUntrustedAnswer = "UNTRUSTED_ANSWER"
	// CodeNotActivated means that there is no license on this device that the call could be about.
	CodeNotActivated = "NOT_ACTIVATED"
	// CodeInvalidOptions means that New was called with options that cannot work.
	CodeInvalidOptions = "INVALID_OPTIONS"
)

// ErrStopped is the cause of a network error of a client that was stopped.
var ErrStopped = errors.New("latchkey: the client was stopped")

// Error is a refusal of the server, or a failure to reach it. Every error that the client returns is one:
//
//	var refusal *latchkey.Error
//	if errors.As(err, &refusal) && refusal.Code == "SESSION_LIMIT_REACHED" { … }
type Error struct {
	// Code is what a program decides by.
	Code string
	// Message is a sentence for people. It may change.
	Message string
	// Details has facts of the code: limits, counts, the field it is about. Numbers are float64.
	Details map[string]any
	// Status is the HTTP status; 0 when the server was not reached.
	Status int
	// RequestID is the id by which the vendor finds the request in the server's log.
	RequestID string
	// RetryAfter is after how long to try again, as the server says; 0 when it does not.
	RetryAfter time.Duration

	// signature is the signed refusal of a license key that no license has.
	signature string
	cause     error
}

// Error returns the code and the message.
func (e *Error) Error() string { return "latchkey: " + e.Code + ": " + e.Message }

// Unwrap returns the cause, such as an error of package net or context.Canceled; nil when there is none.
func (e *Error) Unwrap() error { return e.cause }

// asError is e as an error; a nil *Error is a nil error.
func asError(e *Error) error {
	if e == nil {
		return nil
	}
	return e
}

func notActivated() *Error {
	return &Error{Code: CodeNotActivated, Message: "There is no license on this device yet."}
}

func networkError(cause error) *Error {
	return &Error{Code: CodeNetworkError, Message: "The license server was not reached.", cause: cause}
}

// refusal says what is wrong with a signed text: the state that follows, and a reason of docs/offline.md's table.
type refusal struct {
	state   State
	reason  string
	message string
}

func (r *refusal) Error() string { return r.message }

func invalid(reason, message string) *refusal { return &refusal{StateInvalid, reason, message} }

func malformed(message string) *refusal { return invalid("malformed", message) }

// untrusted is the error of a text that is not believed.
func untrusted(r *refusal, status int) *Error {
	details := map[string]any{"reason": r.reason}
	return &Error{Code: CodeUntrustedAnswer, Message: r.message, Details: details, Status: status, cause: r}
}
