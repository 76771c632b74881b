// Activating this device, and giving it back.

package latchkey

import (
	"context"
	"time"
)

// Activate activates a license on this device. typed is the license key as it was typed or pasted, in any form. Refusals
// that are about the license are the state of the status that is returned, such as StateLimitReached, with a nil error.
// The error is an *Error when the server was not reached, or refuses for another reason; nothing has changed then.
func (c *Client) Activate(ctx context.Context, typed string) (Status, error) {
	var status Status
	failed := c.inTurn(ctx, func() *Error {
		licenseKey := sentKey(typed)
		body := c.deviceWithParts(licenseKey)
		body["machine_name"] = c.options.DeviceName
		if c.options.Metadata != nil {
			body["metadata"] = c.options.Metadata
		}
		if _, failed := c.api.post(ctx, "/api/license/activate", body, true); failed != nil {
			var isState bool
			status, isState = c.refusedStatus(failed)
			if isState {
				return nil
			}
			return failed
		}
		c.kept.change(func(record record) (record, bool) {
			if record.licenseKey != licenseKey {
				record = record.withoutLicense()
			}
			record.licenseKey, record.refusal = licenseKey, ""
			return record, true
		})
		ctx, cancel := untilEither(ctx, c.life)
		defer cancel()
		status = c.refresh(ctx)
		return nil
	})
	return c.result(status, failed)
}

// refusedStatus is the status of a refusal that is about the license; false for others.
func (c *Client) refusedStatus(failed *Error) (Status, bool) {
	state, isKnown := statesOfCodes[failed.Code]
	if !isKnown || state.Usable() || failed.Status == 0 {
		return Status{}, false
	}
	c.mu.Lock()
	c.lastError = failed
	c.mu.Unlock()
	status := c.Status()
	if status.Usable {
		// A license that the device has already stays.
		return status, true
	}
	status = status.refused(state, failed.Message)
	status.Code = failed.Code
	return status, true
}

// Deactivate frees the activation and forgets the license. When it fails, the license stays.
func (c *Client) Deactivate(ctx context.Context) (Status, error) {
	var status Status
	failed := c.inTurn(ctx, func() *Error {
		licenseKey, failed := c.licenseKey()
		if failed == nil {
			_, failed = c.api.post(ctx, "/api/license/deactivate", c.device(licenseKey), true)
		}
		if failed != nil {
			return failed
		}
		c.forget(seen{})
		status = c.noteChange()
		return nil
	})
	return c.result(status, failed)
}

// DeactivateOffline gives the license back without a network: it forgets the license and its file, and returns the removal
// code, which the user enters in the vendor's panel. Called again, it returns the same code until there is another license.
// The error is an *Error with CodeNotActivated when there is no license file of this device.
func (c *Client) DeactivateOffline() (string, error) {
	kept := c.kept.read()
	activation, given := "", removedFile{}
	if kept.file == "" {
		if kept.licenseKey == "" {
			activation, given = kept.lastRemoved()
		}
	} else if claims, refused := c.ownFile(kept); refused == nil {
		activation = activationOf(claims)
		given = kept.removed[activation]
		if given.code == "" || given.seq < claims.Seq {
			given = removedFile{claims.Seq, removalCode(claims.Activation, claims.Seq, claims.removal)}
		}
	}
	if activation == "" {
		failed := notActivated()
		failed.Message = "There is no license file of this device."
		return "", failed
	}
	c.forget(seen{removed: map[string]removedFile{activation: given}})
	c.noteChange()
	c.listeners.tell()
	return given.code, nil
}

// ownFile returns the claims of the kept file if it is the vendor's and for this device.
func (c *Client) ownFile(kept record) (*FileClaims, *refusal) {
	return c.newFile(kept.file, kept.licenseKey, seen{})
}

// lastRemoved is the activation that was given back last, with its file; empty: none.
func (r record) lastRemoved() (string, removedFile) {
	last, found := "", removedFile{seq: -1}
	for activation, one := range r.removed {
		if one.seq > found.seq || one.seq == found.seq && activation > last {
			last, found = activation, one
		}
	}
	return last, found
}

func (c *Client) forget(given seen) {
	c.kept.change(func(record record) (record, bool) { return record.withoutLicense().with(given), true })
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lastError = nil
	c.leaseEnds = time.Time{}
}

// result is what a call returns: with an error, the status as it is.
func (c *Client) result(status Status, failed *Error) (Status, error) {
	if failed != nil {
		return c.Status(), failed
	}
	return status, nil
}
