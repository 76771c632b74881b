// Signed validations: what the server says of a license, in a form that no other server can give.

package latchkey

// validation has the claims of a signed validation. Days are those of UTC; an empty one is null.
type validation struct {
	// issuedAt is the server's time; seconds since 1970.
	issuedAt              int64
	valid                 bool
	code                  string
	validUntil, graceEnds string
	entitlements          Entitlements
	maxUsers              int64
}

// sentValidation is what the app sent, with which the claims are compared.
type sentValidation struct {
	// nonce is empty for a validation that was kept: its nonce was compared before.
	nonce                            string
	licenseKey, fingerprint, product string
}

// readValidation returns the claims of the answer to a call.
func readValidation(signature string, sent sentValidation, keys []PublicKey) (*validation, *refusal) {
	claims, refused := verifyJWS(signature, "license-validation+jwt", keys)
	if refused != nil {
		return nil, refused
	}
	m := &members{object: claims}
	valid, isBoolean := claims["valid"].(bool)
	m.expect("valid", isBoolean)
	m.text("iss")
	nonce := m.text("nonce")
	keyHash, machine := m.textOrNull("key_hash"), m.textOrNull("machine")
	product := m.textOrNull("product")
	m.integerOrNull("license")
	read := &validation{
		issuedAt:     m.time("iat").Unix(),
		valid:        valid,
		code:         m.text("code"),
		validUntil:   m.dayOrNull("valid_until"),
		graceEnds:    m.dayOrNull("grace_ends"),
		entitlements: plainObject(m.objectOf("entitlements").object),
		maxUsers:     m.integerOrNull("max_users"),
	}
	if refused := m.refusal(); refused != nil {
		return nil, refused
	}
	// An API key for all products does not tell the product of a license that was not found.
	isUnknown := claims["product"] == nil && claims["license"] == nil
	switch {
	case sent.nonce != "" && nonce != sent.nonce:
		return nil, invalid("other_nonce", "The answer is to another call.")
	case keyHash != digest(sent.licenseKey):
		return nil, invalid("other_key", "The answer is about another license key.")
	case machine != digest(sent.fingerprint):
		return nil, invalid("other_machine", "The answer is about another device.")
	case product != sent.product && !isUnknown:
		return nil, invalid("other_product", "The answer is about another product.")
	}
	return read, nil
}
