package io.latchkey;

import java.util.Locale;

/** The state of the license on this device, by which an app decides. */
public enum LicenseState {
    /** The license may be used. */
    VALID("The license may be used."),
    /** The license has expired and may be used until its grace period ends. */
    GRACE("The license has expired and may be used until its grace period ends. Ask the user to renew it."),
    /** The license may be used, but the server was not reached for a while, and there is no license file. */
    OFFLINE_GRACE("The license may be used, but the server was not reached for a while. Ask for a connection."),
    /** The license, its license file or the time without a connection has ended. */
    EXPIRED("The license, its license file or the time without a connection has ended."),
    /** The vendor has disabled the license, or its first day has not come. */
    DISABLED("The vendor has disabled the license, or its first day has not come."),
    /** There is no license on this device yet. */
    NOT_ACTIVATED("There is no license on this device yet. Ask for a license key."),
    /** The license is used on as many devices as it allows. */
    LIMIT_REACHED("The license is used on as many devices as it allows. Deactivate another device."),
    /** A status list of the vendor has revoked the license file of this device. */
    REVOKED("The vendor has revoked the license file of this device."),
    /** The license file is for another device. */
    WRONG_MACHINE("The license file is for another device."),
    /** The license does not include this version of the app. */
    VERSION_NOT_ENTITLED("The license does not include this version of the app."),
    /** The clock of the device is more than an hour behind what the server has signed. */
    CLOCK_TAMPERED("The clock was set back. Correct the time of the device."),
    /** There is no such license key, or the license file is damaged or not the vendor's. */
    INVALID("There is no such license key, or the license file is damaged or not the vendor's.");

    private final String meaning;

    LicenseState(String meaning) {
        this.meaning = meaning;
    }

    /**
     * Whether the app may run.
     *
     * @return true for {@link #VALID}, {@link #GRACE} and {@link #OFFLINE_GRACE}
     */
    public boolean usable() {
        return this == VALID || this == GRACE || this == OFFLINE_GRACE;
    }

    /**
     * What the state means, and what to do.
     *
     * @return one or two English sentences
     */
    public String meaning() {
        return meaning;
    }

    /**
     * The name of the state in the documentation and in other languages.
     *
     * @return such as {@code not_activated}
     */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
