// The calls: their members, and what each makes of the library.
package main

import (
	"time"

	"latchkey.example/latchkey"
)

// call has the members of all calls.
type call struct {
	Call  string
	Calls []call

	URL              string
	APIKey           string `json:"api_key"`
	Product, Version string
	Released         *string
	PublicKeys       []latchkey.PublicKey `json:"public_keys"`
	Fingerprint      string
	Components       map[string]string
	DeviceName       string `json:"device_name"`
	// File is a license file, or the path of the cache file; nil: in memory.
	File            *string
	FreshFor        *float64 `json:"fresh_for"`
	OfflineGrace    *float64 `json:"offline_grace"`
	RefreshInterval *float64 `json:"refresh_interval"`
	Timeout         *float64
	Attempts        *int
	FirstDelay      *float64 `json:"first_delay"`
	Random          string
	Now, Offset     *float64

	LicenseKey  string `json:"license_key"`
	List        string
	TTL         float64
	Encrypt     bool
	Meter       string
	Amount      *int64
	Reservation string
}

func (c call) options(own *clock) latchkey.Options {
	options := latchkey.Options{
		URL: c.URL, APIKey: c.APIKey, Product: c.Product, Version: c.Version, PublicKeys: c.PublicKeys,
		Device: latchkey.Device{Fingerprint: c.Fingerprint, Components: c.Components}, DeviceName: c.DeviceName,
		FreshFor: duration(c.FreshFor), OfflineGrace: duration(c.OfflineGrace), Clock: own,
		RefreshInterval: duration(c.RefreshInterval), Timeout: duration(c.Timeout),
		Retries: latchkey.RetryPolicy{FirstDelay: duration(c.FirstDelay)},
	}
	if c.Released != nil {
		options.Released = *c.Released
	}
	if c.Attempts != nil {
		options.Retries.Attempts = *c.Attempts
		if *c.Attempts == 0 {
			options.Retries.Attempts = -1
		}
	}
	if c.File != nil {
		options.Storage = latchkey.FileStorage(*c.File)
	}
	if c.Random == "ones" {
		options.Random = ones{}
	}
	return options
}

// duration is that of an option. In Go, 0 is the default of an option, so that 0 itself is a value that it refuses.
func duration(seconds *float64) time.Duration {
	switch {
	case seconds == nil:
		return 0
	case *seconds == 0:
		return -1
	}
	return inSeconds(*seconds)
}

func (p *program) call(given call) answer {
	client := p.client
	switch given.Call {
	case "clock":
		if given.Now != nil {
			p.clock.stand(given.Now)
		} else if given.Offset != nil {
			p.clock.shift(*given.Offset)
		}
		return answer{"ok": true}
	case "changes":
		return p.changes()
	case "start":
		return statusAnswer(client.Start(), nil)
	case "stop":
		client.Stop()
		return answer{"ok": true}
	case "status":
		return statusAnswer(client.Status(), nil)
	case "refresh":
		return statusAnswer(client.Refresh(background), nil)
	case "activate":
		return statusAnswer(client.Activate(background, given.LicenseKey))
	case "deactivate":
		return statusAnswer(client.Deactivate(background))
	case "deactivate_offline":
		code, err := client.DeactivateOffline()
		return orFailure(answer{"code": code}, err)
	case "check_out":
		options := latchkey.CheckOutOptions{TTL: inSeconds(given.TTL), Encrypt: given.Encrypt}
		return statusAnswer(client.CheckOut(background, options))
	case "check_in":
		return statusAnswer(client.CheckIn(background))
	case "install_file":
		file := ""
		if given.File != nil {
			file = *given.File
		}
		return statusAnswer(client.InstallFile(file, given.LicenseKey), nil)
	case "install_status_list":
		return statusAnswer(client.InstallStatusList(given.List))
	case "offline_request":
		return answer{"text": client.OfflineRequest(given.LicenseKey, given.Encrypt)}
	}
	return others(client, given)
}

// others are updates, seats and usage.
func others(client *latchkey.Client, given call) answer {
	amount := int64(1)
	if given.Amount != nil {
		amount = *given.Amount
	}
	switch given.Call {
	case "check_for_update":
		update, err := client.CheckForUpdate(background)
		return orFailure(answer{"update": answer{
			"available": update.Available, "latest_version": orNull(update.LatestVersion),
			"download_url": orNull(update.DownloadURL), "release_notes": orNull(update.ReleaseNotes),
			"is_mandatory": update.IsMandatory,
		}}, err)
	case "seats_start":
		session, err := client.Seats.Start(background)
		return orFailure(answer{"session": answer{
			"id": session.ID, "expires_at": session.ExpiresAt.UnixMilli(),
			"active_sessions": session.ActiveSessions, "max_users": session.MaxUsers,
		}}, err)
	case "seats_end":
		return orFailure(answer{"ok": true}, client.Seats.End(background))
	case "usage_increment":
		return meterAnswer(client.Usage.Increment(background, given.Meter, amount))
	case "usage_reserve":
		reservation, err := client.Usage.Reserve(background, given.Meter, amount, inSeconds(given.TTL))
		meter := meterMembers(reservation.Meter)
		meter["reservation"], meter["expires_at"] = reservation.ID, reservation.ExpiresAt.UnixMilli()
		return orFailure(answer{"meter": meter}, err)
	case "usage_commit":
		if given.Amount != nil {
			return meterAnswer(client.Usage.CommitAmount(background, given.Reservation, amount))
		}
		return meterAnswer(client.Usage.Commit(background, given.Reservation))
	case "usage_release":
		return meterAnswer(client.Usage.Release(background, given.Reservation))
	}
	return failure(&latchkey.Error{Code: "INVALID_CALL", Message: "There is no call " + given.Call + "."})
}
