package io.latchkey.internal.format;

import io.latchkey.Device;
import io.latchkey.internal.json.JsonReader;
import java.util.Map;

/** How a license file recognises its device: by its fingerprint, or by enough of its components. */
final class DeviceMatch {
    private DeviceMatch() {}

    /** Whether a file is for a device. @param machine the claim */
    static boolean isDevice(Map<String, Object> machine, Device device) {
        String salt = (String) machine.get("salt");
        if (hash(salt, "fingerprint", device.fingerprint()).equals(machine.get("fingerprint"))) return true;
        Map<String, Object> stored = JsonReader.asObject(machine.get("components"));
        Map<String, String> own = device.components();
        long same = stored.entrySet().stream()
                .filter(one -> own.containsKey(one.getKey()))
                .filter(one -> hash(salt, "component " + one.getKey(), own.get(one.getKey())).equals(one.getValue()))
                .count();
        switch ((String) machine.get("match")) {
            case "any":
                return same >= 1;
            case "two":
                return same >= 2;
            case "most":
                return same * 2 > stored.size();
            case "all":
                return same >= 1 && same == stored.size();
            default:
                return false;
        }
    }

    private static String hash(String salt, String name, String value) {
        return Text.encode(Text.sha256(salt + "\n" + name + "\n" + value));
    }
}
