package io.latchkey;

import io.latchkey.internal.client.Machine;
import io.latchkey.internal.format.Placeholders;
import io.latchkey.internal.format.Text;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Devices by named parts of the machine, each hashed with the product's code, so that no two vendors can compare them. The
 * hashes are the same in Latchkey's libraries for other languages.
 */
public final class Devices {
    private Devices() {}

    /**
     * The device of this machine: the id of its system, the serial number of its board and its network address, as far as
     * programs may read them without rights of an administrator, under Linux, macOS and Windows.
     *
     * @param product the product's code
     * @return the device; it does not change while the machine and its system stay the same
     * @throws IllegalArgumentException when nothing identifies the machine, as in some containers
     */
    public static Device machineDevice(String product) {
        return deviceOf(product, Machine.parts());
    }

    /**
     * A device from parts of the machine; placeholders and empty parts are dropped.
     *
     * @param product the product's code, the salt of the hashes
     * @param parts values by name, in their order: the first that identifies the machine is the fingerprint, all are
     *     components; null: not known. Put first what stays the same for every user of the machine
     * @return the device
     * @throws IllegalArgumentException when no part identifies the machine
     */
    public static Device deviceOf(String product, Map<String, String> parts) {
        Objects.requireNonNull(product, "product");
        Map<String, String> components = new LinkedHashMap<>();
        parts.forEach((name, value) -> {
            if (value == null || Placeholders.isPlaceholder(value)) return;
            components.put(name, hash(product, name, Placeholders.trim(value)).substring(0, 32));
        });
        if (components.isEmpty()) {
            throw new IllegalArgumentException("No part identifies this machine. Give a fingerprint of your own.");
        }
        String first = components.values().iterator().next();
        return new Device(hash(product, "fingerprint", first), components);
    }

    private static String hash(String product, String name, String value) {
        return Text.hex(Text.sha256(product + "\n" + name + "\n" + value));
    }
}
