// The status: what is known of the license, and what went wrong while asking.

package latchkey

import "time"

// Status is what is known of the license at a moment. Days are those of UTC, such as "2026-02-15".
type Status struct {
	// State is what the app decides by.
	State State
	// Usable tells whether the app may run: State.Usable().
	Usable bool
	// Reason is a sentence for logs and for support.
	Reason string
	// Code is the server's, of the last validation or refusal; empty: none.
	Code string
	// Entitlements are empty while the license may not be used.
	Entitlements Entitlements
	// MaxUsers is how many concurrent users there may be; 0: not known.
	MaxUsers int64
	// LicenseEnds is the last day, inclusive; empty: never expires, or not known.
	LicenseEnds string
	// GraceEnds is the last day of grace, inclusive; empty: none, or not known.
	GraceEnds string
	// FileEnds is when the license file ends; zero: there is none.
	FileEnds time.Time
	// CheckedAt is when the server said so; zero: never.
	CheckedAt time.Time
	// File has the claims of the license file: customer, public metadata and more; nil: there is none.
	File *FileClaims
	// Error is why the server's answer is not known, or what it refused last; nil: nothing.
	Error *Error
	// StorageError is why the license is kept in memory alone, such as a full disk; nil: it is kept.
	StorageError error
}

// localView is what a status is made of.
type localView struct {
	record     record
	validation *validation
	claims     *FileClaims
}

// isNewer reports whether the validation is not older than the file.
func (v localView) isNewer() bool {
	return v.validation != nil && (v.claims == nil || v.validation.issuedAt >= v.claims.IssuedAt.Unix())
}

func (v localView) status(state State, reason string) Status {
	status := Status{State: state, Usable: state.Usable(), Reason: reason, Code: v.record.refusal, File: v.claims}
	entitlements := Entitlements{}
	if v.claims != nil {
		status.FileEnds, status.CheckedAt = v.claims.ExpiresAt, v.claims.IssuedAt
	}
	if v.validation != nil {
		status.Code, status.CheckedAt = v.validation.code, time.Unix(v.validation.issuedAt, 0).UTC()
	}
	switch {
	case v.isNewer():
		read := v.validation
		entitlements = read.entitlements
		status.MaxUsers, status.LicenseEnds, status.GraceEnds = read.maxUsers, read.validUntil, read.graceEnds
	case v.claims != nil:
		entitlements = v.claims.Entitlements
		status.MaxUsers, status.LicenseEnds, status.GraceEnds = v.claims.MaxUsers, v.claims.LicenseEnds, v.claims.GraceEnds
	}
	status.Entitlements = Entitlements{}
	if status.Usable {
		status.Entitlements = entitlements
	}
	return status
}

// refused is the status with the state of something that was refused, and changed nothing.
func (s Status) refused(state State, reason string) Status {
	s.State, s.Usable, s.Reason, s.Entitlements = state, false, reason, Entitlements{}
	return s
}
