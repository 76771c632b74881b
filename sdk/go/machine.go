// What identifies a machine, as far as programs may read it without rights of an administrator.

package latchkey

import (
	"context"
	"net"
	"os"
	"os/exec"
	"regexp"
	"sort"
	"strings"
	"time"
)

// MachineDevice is the device of this machine: the id of the system's installation, the serial number of the board, and
// the address of a network card, hashed for the product. It is the same in the libraries of all languages. The error is
// ErrNoDevice, in containers for one: give DeviceOf the id of the volume or of the deployment there.
func MachineDevice(product string) (Device, error) {
	return DeviceOf(product, Part{"system", systemID()}, Part{"board", boardSerial()}, Part{"mac", networkAddress()})
}

// networkAddress is that of the first network card that is built in: not one that was made up, whose second bit is set.
// Empty: there is none. That of a tunnel, which has none, is zeros and comes first, as in all languages.
func networkAddress() string {
	cards, err := net.Interfaces()
	if err != nil {
		return ""
	}
	var found []string
	for _, card := range cards {
		address := make(net.HardwareAddr, 6)
		copy(address, card.HardwareAddr)
		if card.Flags&net.FlagLoopback == 0 && address[0]&2 == 0 && isUp(card) {
			found = append(found, address.String())
		}
	}
	if len(found) == 0 {
		return ""
	}
	sort.Strings(found)
	return found[0]
}

// isUp reports whether a card is in use: with a cable or a radio network, and an address.
func isUp(card net.Interface) bool {
	addresses, err := card.Addrs()
	return err == nil && len(addresses) > 0 && card.Flags&net.FlagUp != 0 && isRunning(card.Name)
}

// firstText is the text of the first file that has one, without blanks around it; empty: none.
func firstText(paths ...string) string {
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if text := strings.Trim(string(data), asciiBlanks); err == nil && text != "" {
			return text
		}
	}
	return ""
}

// match is the first group of a pattern in what a program of the system prints; empty: none. It waits at most 5 seconds.
func match(pattern *regexp.Regexp, program string, args ...string) string {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	command := exec.CommandContext(ctx, program, args...)
	hideWindow(command)
	output, _ := command.Output()
	if found := pattern.FindSubmatch(output); found != nil {
		return strings.Trim(string(found[1]), asciiBlanks)
	}
	return ""
}
