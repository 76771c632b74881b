// The states of a license on a device, which an app decides by.

package latchkey

// State is what an app decides by. Compare it with the constants.
type State string

const (
	// StateValid means that the license may be used.
	StateValid State = "valid"
	// StateGrace means that the license has expired and may be used until its grace period ends.
	StateGrace State = "grace"
	// StateOfflineGrace means that the license may be used, but the server was not reached for a while.
	StateOfflineGrace State = "offline_grace"
	// StateExpired means that the license, its license file or the time without a connection has ended.
	StateExpired State = "expired"
	// StateDisabled means that the vendor has disabled the license, or that its first day has not come.
	StateDisabled State = "disabled"
	// StateNotActivated means that there is no license on this device yet: ask for a license key.
	StateNotActivated State = "not_activated"
	// StateLimitReached means that the license is used on as many devices as it allows.
	StateLimitReached State = "limit_reached"
	// StateRevoked means that a status list revokes the license file of this device.
	StateRevoked State = "revoked"
	// StateWrongMachine means that the license file is for another device.
	StateWrongMachine State = "wrong_machine"
	// StateVersionNotEntitled means that the license does not include this version of the app.
	StateVersionNotEntitled State = "version_not_entitled"
	// StateClockTampered means that the clock was set back.
	StateClockTampered State = "clock_tampered"
	// StateInvalid means that there is no such license key, or that the license file is damaged or not the vendor's.
	StateInvalid State = "invalid"
)

// String returns the state's name, the same in every language.
func (s State) String() string { return string(s) }

// Usable reports whether the app may run.
func (s State) Usable() bool {
	return s == StateValid || s == StateGrace || s == StateOfflineGrace
}

// statesOfCodes has the states of the server's codes, of validations and of refusals.
var statesOfCodes = map[string]State{
	"VALID":                      StateValid,
	"GRACE_PERIOD":               StateGrace,
	"LICENSE_INACTIVE":           StateDisabled,
	"LICENSE_NOT_YET_VALID":      StateDisabled,
	"LICENSE_EXPIRED":            StateExpired,
	"VERSION_NOT_ENTITLED":       StateVersionNotEntitled,
	"NOT_ACTIVATED":              StateNotActivated,
	"ACTIVATION_INACTIVE":        StateNotActivated,
	"INVALID_LICENSE":            StateInvalid,
	"ACTIVATION_LIMIT_REACHED":   StateLimitReached,
	"NEW_MACHINES_LIMIT_REACHED": StateLimitReached,
}
