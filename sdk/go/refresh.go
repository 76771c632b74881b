// One refresh: asks the server whether the license may be used, believes what is signed, and keeps it.

package latchkey

import (
	"context"
	"time"
)

// refresh validates the license; the record has the answer afterwards. Without a license key nothing is asked. It is called
// in turn.
func (c *Client) refresh(ctx context.Context) Status {
	leaseEnds, failed := c.validate(ctx)
	// A caller who did not wait for the answer has learnt nothing of the server.
	if failed == nil || ctx.Err() == nil || c.life.Err() != nil {
		c.mu.Lock()
		c.lastError = failed
		if failed == nil {
			c.leaseEnds = leaseEnds
		}
		c.mu.Unlock()
	}
	return c.noteChange()
}

// validate returns when the activation ends without another refresh; zero: never.
func (c *Client) validate(ctx context.Context) (time.Time, *Error) {
	kept := c.kept.read()
	if kept.licenseKey == "" {
		return time.Time{}, nil
	}
	random, failed := c.random.bytes(16)
	if failed != nil {
		return time.Time{}, failed
	}
	nonce := encodeBytes(random)
	body := c.deviceWithParts(kept.licenseKey)
	body["nonce"] = nonce
	body["file"] = true
	if kept.file != "" {
		body["file"] = kept.file
	}
	answer, failed := c.api.post(ctx, "/api/license/verify", body, false)
	signature := text(answer, "signature")
	if failed != nil {
		if failed.signature == "" {
			if failed.Status != 0 {
				// The API key may have been replaced: the list needs none.
				c.refreshList(ctx)
			}
			return time.Time{}, failed
		}
		signature = failed.signature
	}
	if failed := c.believe(signature, nonce, kept.licenseKey, text(answer, "license_file")); failed != nil {
		return time.Time{}, failed
	}
	if c.Status().State == StateRevoked {
		// The list that is kept may be older than the answer.
		c.refreshList(ctx)
	}
	leaseEnds, err := time.Parse(time.RFC3339, text(answer, "lease_ends"))
	if err != nil {
		return time.Time{}, nil
	}
	return leaseEnds, nil
}

// believe keeps a signed answer, and the license file that came with it.
func (c *Client) believe(signature, nonce, licenseKey, file string) *Error {
	if signature == "" {
		return untrusted(malformed("The answer is not signed."), 200)
	}
	sent := sentValidation{nonce, licenseKey, c.options.Device.Fingerprint, c.options.Product}
	read, refused := readValidation(signature, sent, c.options.PublicKeys)
	if refused != nil {
		return untrusted(refused, 200)
	}
	c.kept.change(func(record record) (record, bool) {
		if record.licenseKey != licenseKey {
			// Another license was activated meanwhile.
			return record, false
		}
		record = record.with(seen{trusted: read.issuedAt})
		record.validation, record.refusal = signature, ""
		if claims, refused := c.newFile(file, licenseKey, record.seen); refused == nil {
			record = record.withFile(file, claims)
		}
		return record, true
	})
	return nil
}

// newFile returns the claims of a file that arrives: one that is not the vendor's, not for this device, or older than one
// that was seen, never replaces a good one. The clock does not matter.
func (c *Client) newFile(file, licenseKey string, seen seen) (*FileClaims, *refusal) {
	check := c.options.fileCheck(file, licenseKey)
	check.seen = seen
	claims, refused := readFile(check)
	if refused == nil {
		refused = refusalOfPlace(claims, check)
	}
	if refused != nil {
		return nil, refused
	}
	return claims, nil
}

// refreshList gets the status list of the file and keeps it. Without one nothing changes.
func (c *Client) refreshList(ctx context.Context) {
	kept := c.kept.read()
	claims, refused := readFile(c.options.fileCheck(kept.file, kept.licenseKey))
	if refused != nil {
		return
	}
	if list, failed := c.api.getText(ctx, claims.StatusURI); failed == nil {
		_ = c.keepList(list)
	}
}

// keepList keeps a status list, unless a later one was seen.
func (c *Client) keepList(jws string) *refusal {
	list, refused := readStatusList(jws, c.options.PublicKeys)
	if refused != nil {
		return refused
	}
	c.kept.change(func(record record) (record, bool) {
		if list.issuedAt < record.lists[list.uri] {
			return record, false
		}
		record = record.with(seen{trusted: list.issuedAt, lists: map[string]int64{list.uri: list.issuedAt}})
		// A list of other files does not replace that of the file.
		claims, refused := readFile(c.options.fileCheck(record.file, record.licenseKey))
		if refused != nil || claims.StatusURI == list.uri {
			record.list = jws
		}
		return record, true
	})
	return nil
}
