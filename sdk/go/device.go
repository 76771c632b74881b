// The device: how a license file recognises it, by its fingerprint or by enough of its components.

package latchkey

// Device is what an app sends of its device. MachineDevice finds the one of this machine.
type Device struct {
	// Fingerprint identifies the device; at most 255 characters.
	Fingerprint string
	// Components are hashed parts by name, such as board, disk and mac; they may be left out.
	Components map[string]string
}

// isFor reports whether a file is for a device.
func (m MachineClaims) isFor(device Device) bool {
	hash := func(name, value string) string { return digest(m.Salt + "\n" + name + "\n" + value) }
	if hash("fingerprint", device.Fingerprint) == m.Fingerprint {
		return true
	}
	same := 0
	for name, stored := range m.Components {
		if own, isThere := device.Components[name]; isThere && hash("component "+name, own) == stored {
			same++
		}
	}
	switch m.Match {
	case "any":
		return same >= 1
	case "two":
		return same >= 2
	case "most":
		return same*2 > len(m.Components)
	case "all":
		return same >= 1 && same == len(m.Components)
	}
	return false
}
