package io.latchkey;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The device, as the server and license files recognise it. {@link Devices} makes one of the machine's parts.
 *
 * @param fingerprint identifies the device and stays the same; at most 255 characters
 * @param components hashed parts by name, such as board, disk and mac: a license may recognise a changed device by them
 */
public record Device(String fingerprint, Map<String, String> components) {
    /**
     * A device.
     *
     * @param fingerprint 1 to 255 characters; others are refused by {@link LicenseClientBuilder#build}
     * @param components by name
     * @throws IllegalArgumentException when a component has no name or value
     */
    public Device {
        Objects.requireNonNull(fingerprint, "fingerprint");
        Map<String, String> copy = new LinkedHashMap<>(Objects.requireNonNull(components, "components"));
        if (copy.containsKey(null) || copy.containsValue(null)) {
            throw new IllegalArgumentException("A component has a name and a value.");
        }
        components = Collections.unmodifiableMap(copy);
    }

    /**
     * A device that is recognised by its fingerprint alone.
     *
     * @param fingerprint identifies the device and stays the same; 1 to 255 characters
     */
    public Device(String fingerprint) {
        this(fingerprint, Map.of());
    }
}
