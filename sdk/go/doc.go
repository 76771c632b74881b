// Package latchkey has the license checks of an app: known at once without a network, refreshed in the background, signed
// by the vendor's Latchkey server. It uses the standard library alone.
//
//	license, err := latchkey.New(latchkey.Options{…})
//	status := license.Start() // never waits for the network
//	if status.State == latchkey.StateNotActivated {
//		status, err = license.Activate(ctx, typed)
//	}
//	if !status.Usable { … }
//
// # States
//
// An app decides by Status.State, or by Status.Usable, which is true in the states valid, grace and offline_grace. The
// state follows from what is kept on the device: the last signed answer of the server, and a license file if the license
// has one. Nothing is trusted but what is signed with a key in Options.PublicKeys, is about this license key and this
// device, and is no recorded answer. A clock that was set back by more than an hour is the state clock_tampered.
//
// # Calls
//
// Methods that take a context use the network, and end when the context does, after Options.Timeout, or with Stop. Network
// errors and the statuses 429 and 503 are repeated with growing delays, with one idempotency key for each action; refusals
// are not. Methods without a context do not use the network. All methods may be called by several goroutines at once.
//
// Errors are an *Error with the server's code, message, details and request id; see there.
//
// # Storage
//
// What is known is one text of JSON in Options.Storage. FileStorage keeps it in a file that is replaced as a whole, so
// that a crash or a full disk leaves the text before it; several processes, also in other languages, may share it. When
// nothing can be kept, the license is held in memory and Status.StorageError says why.
//
// The format of license files and signed answers is that of docs/offline.md of Latchkey.
package latchkey
