// The machine under macOS.

package latchkey

import (
	"os/exec"
	"regexp"
)

var (
	platformUUID   = regexp.MustCompile(`"IOPlatformUUID" = "([^"]+)"`)
	platformSerial = regexp.MustCompile(`"IOPlatformSerialNumber" = "([^"]+)"`)
)

func systemID() string { return platform(platformUUID) }

func boardSerial() string { return platform(platformSerial) }

func platform(pattern *regexp.Regexp) string {
	return match(pattern, "ioreg", "-rd1", "-c", "IOPlatformExpertDevice")
}

func isRunning(string) bool { return true }

func hideWindow(*exec.Cmd) {}
