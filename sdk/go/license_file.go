// License files: reading one, and the state of its license on this device, as docs/offline.md orders the checks.

package latchkey

import (
	"fmt"
	"strconv"
	"time"
)

// tolerance is how far a clock may be behind; seconds.
const tolerance = 3600

// app is which product the app is, and which release of it. Version and released may be empty: not known.
type app struct{ product, version, released string }

// seen is what an app has seen of signed texts, and never forgets.
type seen struct {
	// trusted is the latest trusted time; seconds since 1970.
	trusted int64
	// seq has the greatest seq by activation, lists the latest iat by address of a status list.
	seq, lists map[string]int64
	removed    map[string]removedFile
}

// removedFile is the file of an activation that was given back, and its removal code.
type removedFile struct {
	seq  int64
	code string
}

// fileCheck is what a file is checked with. now is in seconds since 1970.
type fileCheck struct {
	file       string
	licenseKey string
	keys       []PublicKey
	app        app
	device     Device
	now        int64
	seen       seen
	lists      []string
}

// fileResult is the state of a file. Its claims are there as soon as they are verified and for this product.
type fileResult struct {
	state State
	// reason is that of docs/offline.md's table; empty for valid and grace.
	reason  string
	message string
	claims  *FileClaims
	// trusted is the latest trusted time, with that of the file and of its lists.
	trusted int64
}

// checkFile returns the state of a license file.
func checkFile(check fileCheck) fileResult {
	claims, refused := readFile(check)
	if refused != nil {
		return fileResult{state: refused.state, reason: refused.reason, message: refused.message, trusted: check.seen.trusted}
	}
	lists, trusted := readLists(claims, check)
	result := fileResult{claims: claims, trusted: trusted}
	if refused := refusalOfFile(claims, check, lists, trusted); refused != nil {
		result.state, result.reason, result.message = refused.state, refused.reason, refused.message
		return result
	}
	result.state, result.reason, result.message = stateOfTerms(claims, check.app, dayOf(later(check.now, trusted)))
	return result
}

// readFile returns the claims of a file that is the vendor's and for this product: the first two steps.
func readFile(check fileCheck) (*FileClaims, *refusal) {
	content, refused := contentOfFile(check.file)
	if refused == nil && isEncrypted(content) {
		content, refused = decryptFile(content, check.licenseKey, check.device.Fingerprint)
	}
	if refused != nil {
		return nil, refused
	}
	signed, refused := verifyJWS(content, "license-file+jwt", check.keys)
	if refused != nil {
		return nil, refused
	}
	claims, refused := checkFileClaims(signed)
	if refused != nil {
		return nil, refused
	}
	if claims.Product != check.app.product {
		return nil, invalid("other_product", fmt.Sprintf("The license file is for %q.", claims.Product))
	}
	return claims, nil
}

// refusalOfFile has the third step and those after it until the end of the file.
func refusalOfFile(claims *FileClaims, check fileCheck, lists []*statusList, trusted int64) *refusal {
	if check.now < trusted-tolerance {
		return &refusal{StateClockTampered, "clock_set_back", "The clock is behind the latest trusted time."}
	}
	now := later(check.now, trusted)
	if now < claims.NotBefore.Unix()-tolerance {
		return &refusal{StateClockTampered, "not_yet_valid", "The license file was issued later."}
	}
	if refused := refusalOfPlace(claims, check); refused != nil {
		return refused
	}
	for _, list := range lists {
		if list.isSet(claims.StatusIndex) {
			return &refusal{StateRevoked, "revoked", "The license file was revoked."}
		}
	}
	if now >= claims.ExpiresAt.Unix() {
		return &refusal{StateExpired, "file_ended", "The license file has ended."}
	}
	return nil
}

// refusalOfPlace has the fourth and the fifth step: whether the file is for this device, and not one of before.
func refusalOfPlace(claims *FileClaims, check fileCheck) *refusal {
	if !claims.Machine.isFor(check.device) {
		return &refusal{StateWrongMachine, "other_machine", "The license file is for another device."}
	}
	activation := activationOf(claims)
	if removed, isThere := check.seen.removed[activation]; isThere && claims.Seq <= removed.seq {
		return &refusal{StateNotActivated, "removed", "The license file was given back with a removal code."}
	}
	if claims.Seq < check.seen.seq[activation] {
		return invalid("older_file", "A later license file of this device was seen.")
	}
	return nil
}

// activationOf is the name by which what was seen of an activation is kept.
func activationOf(claims *FileClaims) string { return strconv.FormatInt(claims.Activation, 10) }

// readLists returns the newest lists of the file, and the latest trusted time with that of all lists.
func readLists(claims *FileClaims, check fileCheck) ([]*statusList, int64) {
	trusted := later(check.seen.trusted, claims.IssuedAt.Unix())
	latest := check.seen.lists[claims.StatusURI]
	var own, newest []*statusList
	for _, jws := range check.lists {
		list, refused := readStatusList(jws, check.keys)
		if refused != nil {
			continue
		}
		trusted = later(trusted, list.issuedAt)
		if list.uri == claims.StatusURI {
			latest = later(latest, list.issuedAt)
			own = append(own, list)
		}
	}
	for _, list := range own {
		// A list that has ended still revokes what it has revoked.
		if list.issuedAt >= latest {
			newest = append(newest, list)
		}
	}
	return newest, trusted
}

// stateOfTerms is the state by the terms of the license, on a day.
func stateOfTerms(claims *FileClaims, app app, day string) (State, string, string) {
	if !claims.anyVersion && app.version != "" && !isVersionInRange(app.version, claims.Versions) {
		return StateVersionNotEntitled, "version_not_covered", "The license includes the versions " + claims.Versions + "."
	}
	releasedBy := func(day string) bool { return app.released == "" || day == "" || app.released <= day }
	if !releasedBy(claims.UpdatesUntil) {
		return StateVersionNotEntitled, "released_later", "The license includes releases until " + claims.UpdatesUntil + "."
	}
	ends := claims.LicenseEnds
	switch {
	case ends == "" || day <= ends:
		return StateValid, "", "The license is valid."
	case claims.GraceEnds != "" && day <= claims.GraceEnds:
		return StateGrace, "", "The license expired on " + ends + "."
	case claims.AfterExpiry == "allow":
		return StateValid, "", "The license may be used after its last day."
	case claims.AfterExpiry == "refuse":
		return StateExpired, "license_ended", "The license expired on " + ends + "."
	}
	until := claims.UpdatesUntil
	if until == "" {
		until = ends
	}
	if !releasedBy(until) {
		return StateVersionNotEntitled, "released_later", "The license includes releases until " + until + "."
	}
	return StateValid, "", "The license may be used after its last day with this version."
}

func later(a, b int64) int64 {
	if a > b {
		return a
	}
	return b
}

// dayOf is the day in UTC of seconds since 1970, which are within the years that days are compared in.
func dayOf(seconds int64) string {
	if seconds > lastSecond {
		seconds = lastSecond
	}
	return time.Unix(later(0, seconds), 0).UTC().Format("2006-01-02")
}
