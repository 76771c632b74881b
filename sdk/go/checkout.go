// License files for the time without a network: got from the server, given back, carried in, asked for.

package latchkey

import (
	"context"
	"strings"
	"time"
)

// CheckOutOptions say which license file is asked for.
type CheckOutOptions struct {
	// TTL is how long it lasts; 0: as long as the license allows.
	TTL time.Duration
	// Encrypt asks for a file that only this device can read.
	Encrypt bool
}

// CheckOut gets a license file for the time without a network. The error is an *Error, and nothing has changed then.
func (c *Client) CheckOut(ctx context.Context, options CheckOutOptions) (Status, error) {
	var status Status
	failed := c.inTurn(ctx, func() *Error {
		kept := c.kept.read()
		if kept.licenseKey == "" {
			return notActivated()
		}
		body := c.deviceWithParts(kept.licenseKey)
		if options.TTL > 0 {
			body["ttl"] = int64((options.TTL + time.Second - 1) / time.Second)
		}
		if options.Encrypt {
			body["encrypt"] = true
		}
		if kept.file != "" {
			body["license_file"] = kept.file
		}
		answer, failed := c.api.post(ctx, "/api/license/checkout", body, true)
		if failed != nil {
			return failed
		}
		if refused := c.install(text(answer, "license_file"), kept.licenseKey); refused != nil {
			return untrusted(refused, 200)
		}
		status = c.noteChange()
		return nil
	})
	return c.result(status, failed)
}

// CheckIn gives the license file back; the device stays activated. When it fails, the file stays.
func (c *Client) CheckIn(ctx context.Context) (Status, error) {
	var status Status
	failed := c.inTurn(ctx, func() *Error {
		licenseKey, failed := c.licenseKey()
		if failed == nil {
			_, failed = c.api.post(ctx, "/api/license/checkin", c.device(licenseKey), true)
		}
		if failed != nil {
			return failed
		}
		c.kept.change(func(record record) (record, bool) {
			record.file, record.list = "", ""
			return record, true
		})
		status = c.noteChange()
		return nil
	})
	return c.result(status, failed)
}

// InstallFile takes a license file that was carried in, without a network. licenseKey is for an encrypted file, if the
// device has no license yet; it may be empty. A file that is refused has the state StateInvalid, StateWrongMachine or
// StateNotActivated (given back before), and the license stays as it was.
func (c *Client) InstallFile(file, licenseKey string) Status {
	if licenseKey != "" {
		licenseKey = sentKey(licenseKey)
	} else {
		licenseKey = c.kept.read().licenseKey
	}
	if refused := c.install(file, licenseKey); refused != nil {
		return c.Status().refused(refused.state, refused.message)
	}
	status := c.noteChange()
	c.listeners.tell()
	return status
}

// install replaces the license file, unless the new one is refused.
func (c *Client) install(file, licenseKey string) *refusal {
	var refused *refusal
	c.kept.change(func(record record) (record, bool) {
		var claims *FileClaims
		if claims, refused = c.newFile(file, licenseKey, record.seen); refused != nil {
			return record, false
		}
		record.licenseKey, record.refusal = licenseKey, ""
		return record.withFile(file, claims), true
	})
	return refused
}

// InstallStatusList takes a status list that was carried in. The error is an *Error with CodeUntrustedAnswer for one that
// is not the vendor's.
func (c *Client) InstallStatusList(list string) (Status, error) {
	if refused := c.keepList(strings.Trim(list, asciiBlanks)); refused != nil {
		return c.Status(), untrusted(refused, 0)
	}
	status := c.noteChange()
	c.listeners.tell()
	return status, nil
}

// OfflineRequest returns a request for a license file, as text, for a device that never has a network. InstallFile takes
// the answer. typed is the license key as it was typed or pasted; encrypt asks for a file that only this device can read.
func (c *Client) OfflineRequest(typed string, encrypt bool) string {
	return offlineRequest{
		licenseKey: sentKey(typed),
		device:     c.options.Device,
		deviceName: c.options.DeviceName,
		version:    c.options.Version,
		encrypt:    encrypt,
		createdAt:  c.options.Clock.Now(),
	}.write()
}
