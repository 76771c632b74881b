// The state of the license by what is kept on the device, without a network.

package latchkey

import "time"

// localState is the status by a record, without what happened in calls.
func localState(record record, options Options, now int64) Status {
	read := savedValidation(record, options)
	trusted := record.trusted
	if read != nil {
		trusted = later(trusted, read.issuedAt)
	}
	var file *fileResult
	if record.file != "" {
		file = checkRecord(record, options, now, trusted)
		trusted = file.trusted
	}
	view := localView{record: record, validation: read}
	if file != nil {
		view.claims = file.claims
	}
	// A file that has ended, or was signed with a key that is not known, leaves what the server said last.
	isFinal := file != nil && file.state != StateInvalid && file.reason != "file_ended"
	switch {
	case now < trusted-tolerance:
		return view.status(StateClockTampered, "The clock is behind the latest trusted time.")
	case read != nil && !read.valid && view.isNewer():
		return view.status(stateOr(read.code, StateInvalid), "The server answered "+read.code+".")
	case isFinal:
		return view.status(file.state, file.message)
	case read != nil && read.valid:
		state, reason := withoutFile(read, options, later(now, trusted))
		return view.status(state, reason)
	case file != nil:
		return view.status(file.state, file.message)
	}
	if refused, isKnown := statesOfCodes[record.refusal]; isKnown && !refused.Usable() {
		return view.status(refused, "The server answered "+record.refusal+".")
	}
	return view.status(StateNotActivated, "There is no license on this device.")
}

func checkRecord(record record, options Options, now, trusted int64) *fileResult {
	check := options.fileCheck(record.file, record.licenseKey)
	check.now, check.seen = now, record.seen
	check.seen.trusted = trusted
	if record.list != "" {
		check.lists = []string{record.list}
	}
	result := checkFile(check)
	return &result
}

// fileCheck is the check of a file with what the app is and has.
func (o Options) fileCheck(file, licenseKey string) fileCheck {
	return fileCheck{
		file: file, licenseKey: licenseKey, keys: o.PublicKeys, device: o.Device,
		app: app{o.Product, o.Version, o.Released},
	}
}

// savedValidation is nil when the kept validation is not the server's, or is about another key or device.
func savedValidation(record record, options Options) *validation {
	if record.validation == "" || record.licenseKey == "" {
		return nil
	}
	sent := sentValidation{"", record.licenseKey, options.Device.Fingerprint, options.Product}
	read, refused := readValidation(record.validation, sent, options.PublicKeys)
	if refused != nil {
		return nil
	}
	return read
}

func stateOr(code string, other State) State {
	if state, isKnown := statesOfCodes[code]; isKnown && !state.Usable() {
		return state
	}
	return other
}

// withoutFile is the state of a license without a file, by the last validation.
func withoutFile(read *validation, options Options, now int64) (State, string) {
	today, validated, ends := dayOf(now), dayOf(read.issuedAt), read.validUntil
	age := time.Duration(0)
	// Longer ages would be no durations.
	if seconds := now - read.issuedAt; seconds > 0 {
		age = time.Duration(min(seconds, int64(100*365*24*time.Hour/time.Second))) * time.Second
	}
	// One that was valid after its last day, and not by grace, is so by its terms.
	isOver := ends != "" && today > ends && (validated <= ends || read.code == "GRACE_PERIOD")
	switch {
	case isOver && (read.graceEnds == "" || today > read.graceEnds):
		return StateExpired, "The license expired on " + ends + "."
	case age > options.OfflineGrace:
		return StateExpired, "The server was not reached for too long."
	case age > options.FreshFor:
		return StateOfflineGrace, "The server was not reached for a while."
	case isOver:
		return StateGrace, "The license expired on " + ends + "."
	}
	return StateValid, "The license is valid."
}

func min(a, b int64) int64 {
	if a < b {
		return a
	}
	return b
}
