// The machine under Windows.

package latchkey

import (
	"os/exec"
	"regexp"
	"syscall"
)

var (
	machineGUID = regexp.MustCompile(`REG_SZ\s+(\S+)`)
	boardNumber = regexp.MustCompile(`SerialNumber\s+(\S[^\r\n]*)`)
)

func systemID() string {
	return match(machineGUID, "reg", "query", `HKLM\SOFTWARE\Microsoft\Cryptography`, "/v", "MachineGuid")
}

func boardSerial() string { return match(boardNumber, "wmic", "baseboard", "get", "serialnumber") }

func isRunning(string) bool { return true }

// hideWindow keeps a console from appearing for a moment in programs with windows.
func hideWindow(command *exec.Cmd) {
	command.SysProcAttr = &syscall.SysProcAttr{HideWindow: true}
}
