// Whether there is a newer release of the app.

package latchkey

import "context"

// Update is what is known of the latest release.
type Update struct {
	// Available tells whether there is a newer release than this one.
	Available bool
	// LatestVersion is empty when no release is published.
	LatestVersion string
	// DownloadURL is where it is; empty: not told.
	DownloadURL string
	// ReleaseNotes are the vendor's text; empty: none.
	ReleaseNotes string
	// IsMandatory tells that the vendor asks to update.
	IsMandatory bool
}

// CheckForUpdate asks whether there is a newer release. The error is an *Error.
func (c *Client) CheckForUpdate(ctx context.Context) (Update, error) {
	licenseKey, failed := c.licenseKey()
	if failed != nil {
		return Update{}, failed
	}
	body := map[string]any{"current_version": c.options.Version, "license_key": licenseKey}
	answer, failed := c.api.post(ctx, "/api/version/check", body, false)
	if failed != nil {
		return Update{}, failed
	}
	return Update{
		Available:     answer["update_available"] == true,
		LatestVersion: text(answer, "latest_version"),
		DownloadURL:   text(answer, "download_url"),
		ReleaseNotes:  text(answer, "release_notes"),
		IsMandatory:   answer["is_mandatory"] == true,
	}, nil
}
