package io.latchkey.internal.format;

import io.latchkey.LicenseState;

/** Why a signed text is refused or does not count, by the words of the format. */
public enum Reason {
    /** It cannot be read, or claims are missing. */
    MALFORMED(LicenseState.INVALID),
    /** It is a statement of another kind. */
    WRONG_TYPE(LicenseState.INVALID),
    /** It is signed or encrypted in another way. */
    WRONG_ALGORITHM(LicenseState.INVALID),
    /** It is signed with a key that the app does not have. */
    UNKNOWN_KEY(LicenseState.INVALID),
    /** It was edited, or another has signed it. */
    WRONG_SIGNATURE(LicenseState.INVALID),
    /** It was encrypted for another device. */
    NOT_DECRYPTED(LicenseState.WRONG_MACHINE),
    /** It is for another product. */
    OTHER_PRODUCT(LicenseState.INVALID),
    /** The clock is behind the latest trusted time. */
    CLOCK_SET_BACK(LicenseState.CLOCK_TAMPERED),
    /** The time is before that of its issue. */
    NOT_YET_VALID(LicenseState.CLOCK_TAMPERED),
    /** It is for another device. */
    OTHER_MACHINE(LicenseState.WRONG_MACHINE),
    /** It was given back with a removal code. */
    REMOVED(LicenseState.NOT_ACTIVATED),
    /** A later file of the activation was seen. */
    OLDER_FILE(LicenseState.INVALID),
    /** A status list revokes it. */
    REVOKED(LicenseState.REVOKED),
    /** Its time is over. */
    FILE_ENDED(LicenseState.EXPIRED),
    /** It does not cover the version of the app. */
    VERSION_NOT_COVERED(LicenseState.VERSION_NOT_ENTITLED),
    /** The app was released after the last day of updates. */
    RELEASED_LATER(LicenseState.VERSION_NOT_ENTITLED),
    /** The license is over, and its file does not allow to use it any longer. */
    LICENSE_ENDED(LicenseState.EXPIRED),
    /** A validation answers another call. */
    OTHER_NONCE(LicenseState.INVALID),
    /** A validation is about another license key. */
    OTHER_KEY(LicenseState.INVALID),
    /** A status list is older than one that was seen. */
    OLDER_LIST(LicenseState.INVALID);

    private final LicenseState state;

    Reason(LicenseState state) {
        this.state = state;
    }

    /**
     * The state of a license file that is refused for it.
     *
     * @return the state
     */
    public LicenseState state() {
        return state;
    }

    /**
     * The word of the format.
     *
     * @return such as {@code wrong_signature}
     */
    public String word() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
