// What an app tells the library, and the defaults.

package latchkey

import (
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"
)

// Options are what an app tells the library. URL, APIKey, Product, PublicKeys and Device are required; what else is left
// out has its default.
type Options struct {
	// URL is the address of the license server, such as https://licenses.example.com.
	URL string
	// APIKey is an API key of the product.
	APIKey string
	// Product is the product's code.
	Product string
	// Version is that of the app, such as "2.1.0".
	Version string
	// Released is the day of this release, such as "2026-02-15"; empty: not known.
	Released string
	// PublicKeys are those of /.well-known/jwks/{product}.json, compiled into the app. Never read them from a file or the
	// network.
	PublicKeys []PublicKey
	// Device is what MachineDevice finds, or DeviceOf, or the app itself.
	Device Device
	// Storage is where the license is kept, such as a FileStorage; nil: in memory, until the app ends.
	Storage Storage
	// DeviceName is the name of the device that the customer sees.
	DeviceName string
	// Metadata is sent with activations, and shown to the vendor.
	Metadata map[string]any
	// RefreshInterval is the time between refreshes in the background; one hour. It is never below a minute.
	RefreshInterval time.Duration
	// FreshFor is how long an answer of the server counts as fresh; one day.
	FreshFor time.Duration
	// OfflineGrace is how long a license without a license file may be used while the server is not reached; three days.
	OfflineGrace time.Duration
	// Timeout is until when a request has to be answered; 20 seconds.
	Timeout time.Duration
	// Retries says how often calls are repeated.
	Retries RetryPolicy
	// Transport sends requests, for proxies and tests; by default as http.DefaultTransport does. Redirects are the library's.
	Transport http.RoundTripper
	// Clock is the system's by default.
	Clock Clock
	// Random has random bytes; crypto/rand.Reader by default.
	Random io.Reader
}

// withDefaults checks the options and completes them.
func (o Options) withDefaults() (Options, *Error) {
	if problem := o.problem(); problem != "" {
		return o, &Error{Code: CodeInvalidOptions, Message: problem}
	}
	o.URL = strings.TrimRight(o.URL, "/")
	o.PublicKeys = append([]PublicKey(nil), o.PublicKeys...)
	o.Device.Components = copied(o.Device.Components)
	setDefault(&o.RefreshInterval, time.Hour)
	setDefault(&o.FreshFor, 24*time.Hour)
	setDefault(&o.OfflineGrace, 72*time.Hour)
	setDefault(&o.Timeout, 20*time.Second)
	o.Retries = o.Retries.withDefaults()
	if o.Storage == nil {
		o.Storage = &memoryStorage{}
	}
	if o.Transport == nil {
		o.Transport = defaultTransport()
	}
	if o.Clock == nil {
		o.Clock = systemClock{}
	}
	if o.Random == nil {
		o.Random = rand.Reader
	}
	return o, nil
}

// problem is what is wrong with the options; empty: nothing.
func (o Options) problem() string {
	address, err := url.Parse(o.URL)
	switch {
	case err != nil || address.Scheme != "https" && address.Scheme != "http" || address.Host == "":
		return fmt.Sprintf("URL has to be an address such as https://licenses.example.com, not %q.", o.URL)
	case address.User != nil || address.RawQuery != "" || address.Fragment != "":
		return "URL may have neither a user, a query nor a fragment."
	case o.APIKey == "" || strings.IndexFunc(o.APIKey, isNoHeader) >= 0:
		return "APIKey has to be an API key of the product."
	case o.Product == "":
		return "Product has to be the code of the product."
	case o.Released != "" && !isDay(o.Released):
		return fmt.Sprintf("Released has to be a day such as 2026-02-15, not %q.", o.Released)
	case len(o.PublicKeys) == 0:
		return "PublicKeys has to have the product's keys: without them nothing can be trusted."
	case o.Device.Fingerprint == "" || utf16Length(o.Device.Fingerprint) > 255:
		return "Device.Fingerprint has to have 1 to 255 characters."
	case o.Retries.Attempts < 0:
		return "Retries.Attempts may not be negative."
	}
	for _, key := range o.PublicKeys {
		if key.ID == "" {
			return "PublicKeys has a key without an ID."
		}
		if _, refused := key.bytes(); refused != nil {
			return refused.message
		}
	}
	for _, text := range []string{o.Product, o.Version, o.Device.Fingerprint, o.DeviceName} {
		if !utf8.ValidString(text) {
			return fmt.Sprintf("%q is not UTF-8.", text)
		}
	}
	for name, value := range o.Device.Components {
		if !utf8.ValidString(name) || !utf8.ValidString(value) {
			return fmt.Sprintf("The component %q is not UTF-8.", name)
		}
	}
	for _, duration := range []time.Duration{o.RefreshInterval, o.FreshFor, o.OfflineGrace, o.Timeout,
		o.Retries.FirstDelay, o.Retries.LongestDelay, o.Retries.LongestWait} {
		if duration < 0 {
			return fmt.Sprintf("A duration may not be negative: %v.", duration)
		}
	}
	return ""
}

func isDay(text string) bool {
	_, err := time.Parse("2006-01-02", text)
	return err == nil
}

// isNoHeader reports whether a character may not be in a header of HTTP.
func isNoHeader(r rune) bool { return r <= ' ' || r > '~' }

func copied(texts map[string]string) map[string]string {
	if texts == nil {
		return nil
	}
	own := make(map[string]string, len(texts))
	for name, value := range texts {
		own[name] = value
	}
	return own
}
