// What a license file says: its claims, checked for their types.

package latchkey

import (
	"fmt"
	"regexp"
	"time"
)

// FileClaims are the claims of a license file. Days are those of UTC, such as "2026-02-15"; an empty one is null.
type FileClaims struct {
	// Issuer is the address of the server.
	Issuer string
	// IssuedAt, NotBefore and ExpiresAt have whole seconds.
	IssuedAt, NotBefore, ExpiresAt time.Time
	// ID is the id of the file.
	ID string
	// Seq is greater than that of each earlier file of the activation.
	Seq int64
	// Product is the code of the product.
	Product string
	// License and Activation are ids.
	License, Activation int64
	// State is active, in_grace or expired on the day of issue.
	State string
	// LicenseEnds is the last day, inclusive; empty: never expires.
	LicenseEnds string
	// GraceEnds is the last day of grace, inclusive; empty: none.
	GraceEnds string
	// AfterExpiry is what applies after both: refuse, entitled_versions or allow.
	AfterExpiry string
	// UpdatesUntil is the last day whose releases are included; empty: as long as the license is valid.
	UpdatesUntil string
	// Versions are the versions that are covered; empty: any.
	Versions string
	// MaxUsers is how many concurrent users there may be.
	MaxUsers int64
	// Entitlements have true, numbers and texts by name.
	Entitlements Entitlements
	// Metadata is the public metadata of the license.
	Metadata map[string]any
	// CustomerName and Company are the customer's; Company may be empty.
	CustomerName, Company string
	// Machine is how the file recognises its device.
	Machine MachineClaims
	// StatusURI is the address of the status list of the file, StatusIndex its index in it.
	StatusURI   string
	StatusIndex int64

	// removal is the key of the removal code.
	removal []byte
	// anyVersion tells null from an empty range, which covers nothing.
	anyVersion bool
}

// MachineClaims are how a file recognises its device: salted hashes.
type MachineClaims struct {
	// Match is exact, any, two, most or all.
	Match, Salt, Fingerprint string
	// Components are hashes by the name of the component.
	Components map[string]string
}

var day = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)

// members reads members of an object. The first one that is not of its type is remembered.
type members struct {
	object map[string]any
	wrong  string
}

func (m *members) expect(name string, ok bool) {
	if !ok && m.wrong == "" {
		m.wrong = name
	}
}

func (m *members) text(name string) string {
	value, ok := m.object[name].(string)
	m.expect(name, ok)
	return value
}

func (m *members) oneOf(name string, choices ...string) string {
	value := m.text(name)
	for _, choice := range choices {
		if value == choice {
			return value
		}
	}
	m.expect(name, false)
	return ""
}

// textOrNull is empty for null.
func (m *members) textOrNull(name string) string {
	if value, isThere := m.object[name]; isThere && value == nil {
		return ""
	}
	return m.text(name)
}

// dayOrNull is empty for null.
func (m *members) dayOrNull(name string) string {
	if value, isThere := m.object[name]; isThere && value == nil {
		return ""
	}
	value := m.text(name)
	m.expect(name, day.MatchString(value))
	return value
}

func (m *members) integer(name string) int64 {
	value, ok := integer(m.object[name])
	m.expect(name, ok)
	return value
}

// integerOrNull is 0 for null.
func (m *members) integerOrNull(name string) int64 {
	if value, isThere := m.object[name]; isThere && value == nil {
		return 0
	}
	return m.integer(name)
}

func (m *members) time(name string) time.Time {
	value, ok := unixTime(m.object[name])
	m.expect(name, ok)
	return time.Unix(value, 0).UTC()
}

func (m *members) objectOf(name string) *members {
	value, ok := m.object[name].(map[string]any)
	m.expect(name, ok)
	return &members{object: value}
}

// within takes over what is wrong with an object that is a member.
func (m *members) within(name string, inner *members) {
	m.expect(name+"."+inner.wrong, inner.wrong == "")
}

func (m *members) refusal() *refusal {
	if m.wrong == "" {
		return nil
	}
	return malformed(fmt.Sprintf("The claim %s is missing or wrong.", m.wrong))
}

// checkFileClaims reads the claims of a file; claims that are not known are ignored.
func checkFileClaims(claims map[string]any) (*FileClaims, *refusal) {
	m := &members{object: claims}
	customer, machine, status := m.objectOf("customer"), m.objectOf("machine"), m.objectOf("status")
	components := map[string]string{}
	stored := machine.objectOf("components")
	for name := range stored.object {
		components[name] = stored.text(name)
	}
	machine.within("components", stored)
	removal, refused := decodeBytes(m.text("removal"))
	m.expect("removal", refused == nil && len(removal) == 32)
	file := &FileClaims{
		Issuer:       m.text("iss"),
		IssuedAt:     m.time("iat"),
		NotBefore:    m.time("nbf"),
		ExpiresAt:    m.time("exp"),
		ID:           m.text("jti"),
		Seq:          m.integer("seq"),
		Product:      m.text("product"),
		License:      m.integer("license"),
		Activation:   m.integer("activation"),
		State:        m.text("state"),
		LicenseEnds:  m.dayOrNull("license_ends"),
		GraceEnds:    m.dayOrNull("grace_ends"),
		AfterExpiry:  m.oneOf("after_expiry", "refuse", "entitled_versions", "allow"),
		UpdatesUntil: m.dayOrNull("updates_until"),
		Versions:     m.textOrNull("versions"),
		MaxUsers:     m.integer("max_users"),
		Entitlements: plainObject(m.objectOf("entitlements").object),
		Metadata:     plainObject(m.objectOf("metadata").object),
		CustomerName: customer.text("name"),
		Company:      customer.textOrNull("company"),
		Machine: MachineClaims{
			Match:       machine.oneOf("match", "exact", "any", "two", "most", "all"),
			Salt:        machine.text("salt"),
			Fingerprint: machine.text("fingerprint"),
			Components:  components,
		},
		StatusURI:   status.text("uri"),
		StatusIndex: status.integer("idx"),
		removal:     removal,
		anyVersion:  claims["versions"] == nil,
	}
	m.within("customer", customer)
	m.within("machine", machine)
	m.within("status", status)
	return file, m.refusal()
}
