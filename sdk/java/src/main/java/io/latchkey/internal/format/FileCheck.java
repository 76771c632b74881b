package io.latchkey.internal.format;

import io.latchkey.Device;
import io.latchkey.FileClaims;
import io.latchkey.LicenseState;
import io.latchkey.PublicKey;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The state of a license file on a device, by checks in the order of the format.
 *
 * @param file its text
 * @param keys the keys of the product
 * @param app which release of which product the app is
 * @param device the device
 * @param licenseKey for encrypted files; as it was sent to the server; null: not known
 * @param now the clock; seconds since 1970
 * @param kept what the app has seen
 * @param lists status lists
 */
public record FileCheck(String file, List<PublicKey> keys, App app, Device device, String licenseKey, long now, Kept kept,
        List<String> lists) {
    /** A clock may be behind by so much; seconds. */
    public static final long TOLERANCE = 3600;

    /**
     * The app.
     *
     * @param product the product's code
     * @param version null: not known
     * @param released the day of the release, {@code YYYY-MM-DD}; null: not known
     */
    public record App(String product, String version, String released) {}

    /**
     * What an app has seen, and keeps.
     *
     * @param trusted the latest trusted time; seconds since 1970
     * @param seq the highest by activation
     * @param lists the latest {@code iat} by address of a status list
     * @param removed the highest {@code seq} that was given back, by activation
     */
    public record Kept(long trusted, Map<String, Long> seq, Map<String, Long> lists, Map<String, Long> removed) {
        /** Nothing was seen. */
        public static final Kept NOTHING = new Kept(0, Map.of(), Map.of(), Map.of());
    }

    /**
     * What comes of it.
     *
     * @param state the state
     * @param reason by the words of the format; null when the license may be used
     * @param message a sentence for logs
     * @param claims as soon as they are verified and for this product; null before
     */
    public record Result(LicenseState state, Reason reason, String message, FileClaims claims) {}

    /**
     * Checks it.
     *
     * @return the state
     */
    public Result result() {
        FileClaims claims = null;
        try {
            claims = readFile();
            return allowed(claims, checkAll(claims), "The license is valid.");
        } catch (Refusal refusal) {
            return new Result(refusal.reason().state(), refusal.reason(), refusal.getMessage(), claims);
        }
    }

    /**
     * Whether it is the vendor's, for this device and not older than what was seen; the clock does not matter.
     *
     * @return the claims
     * @throws Refusal when it is refused
     */
    public FileClaims accept() throws Refusal {
        FileClaims claims = readFile();
        checkDevice(claims);
        return claims;
    }

    /**
     * Whether it is the vendor's and for this device, though it may have been given back or replaced.
     *
     * @return the claims
     * @throws Refusal when it is refused
     */
    public FileClaims acceptOwn() throws Refusal {
        FileClaims claims = readFile();
        checkMachine(claims);
        return claims;
    }

    private FileClaims readFile() throws Refusal {
        FileClaims claims = LicenseFile.read(file, licenseKey, device.fingerprint(), keys);
        if (!claims.product().equals(app.product())) {
            throw new Refusal(Reason.OTHER_PRODUCT, "The license file is for another product.");
        }
        return claims;
    }

    private LicenseState checkAll(FileClaims claims) throws Refusal {
        List<StatusList> signed = readLists();
        long trusted = Math.max(kept.trusted(), claims.issuedAt().getEpochSecond());
        for (StatusList list : signed) trusted = Math.max(trusted, list.issuedAt());
        if (now < trusted - TOLERANCE) {
            throw new Refusal(Reason.CLOCK_SET_BACK, "The clock is behind the latest trusted time.");
        }
        long time = Math.max(now, trusted);
        if (time < claims.validFrom().getEpochSecond() - TOLERANCE) {
            throw new Refusal(Reason.NOT_YET_VALID, "The license file was issued later.");
        }
        checkDevice(claims);
        if (isRevoked(claims, signed)) throw new Refusal(Reason.REVOKED, "The license file was revoked.");
        if (time >= claims.ends().getEpochSecond()) {
            throw new Refusal(Reason.FILE_ENDED, "The license file has ended.");
        }
        return byTerms(claims, dayOf(time));
    }

    private void checkMachine(FileClaims claims) throws Refusal {
        if (!DeviceMatch.isDevice(claims.machine(), device)) {
            throw new Refusal(Reason.OTHER_MACHINE, "The license file is for another device.");
        }
    }

    private void checkDevice(FileClaims claims) throws Refusal {
        checkMachine(claims);
        String activation = String.valueOf(claims.activation());
        Long removed = kept.removed().get(activation);
        if (removed != null && claims.seq() <= removed) {
            throw new Refusal(Reason.REMOVED, "The license file was given back.");
        }
        if (claims.seq() < kept.seq().getOrDefault(activation, 0L)) {
            throw new Refusal(Reason.OLDER_FILE, "A later license file of this device was seen.");
        }
    }

    private List<StatusList> readLists() {
        List<StatusList> signed = new ArrayList<>();
        for (String jws : lists) {
            try {
                signed.add(StatusList.read(jws, keys));
            } catch (Refusal refusal) {
                // A list that is not the vendor's revokes nothing.
                continue;
            }
        }
        return signed;
    }

    /** By the newest list of the file's address, unless a newer one was seen. */
    private boolean isRevoked(FileClaims claims, List<StatusList> signed) {
        String uri = claims.statusUri();
        List<StatusList> own = signed.stream().filter(list -> list.uri().equals(uri)).toList();
        long latest = kept.lists().getOrDefault(uri, 0L);
        for (StatusList list : own) latest = Math.max(latest, list.issuedAt());
        for (StatusList list : own) {
            if (list.issuedAt() >= latest && list.isSet(claims.statusPlace())) return true;
        }
        return false;
    }

    /** The state by the terms of the license, on a day. */
    private LicenseState byTerms(FileClaims claims, String day) throws Refusal {
        String versions = claims.versions();
        if (versions != null && app.version() != null && !VersionRange.contains(app.version(), versions)) {
            throw new Refusal(Reason.VERSION_NOT_COVERED, "The license includes the versions " + versions + ".");
        }
        String updates = claims.updatesUntilText();
        checkReleased(updates);
        String ends = claims.licenseEndsText();
        String grace = claims.graceEndsText();
        if (ends == null || day.compareTo(ends) <= 0) return LicenseState.VALID;
        if (grace != null && day.compareTo(grace) <= 0) return LicenseState.GRACE;
        if (claims.afterExpiry().equals("refuse")) {
            throw new Refusal(Reason.LICENSE_ENDED, "The license expired on " + ends + ".");
        }
        if (claims.afterExpiry().equals("entitled_versions")) checkReleased(updates == null ? ends : updates);
        return LicenseState.VALID;
    }

    private void checkReleased(String lastDay) throws Refusal {
        if (lastDay != null && app.released() != null && app.released().compareTo(lastDay) > 0) {
            throw new Refusal(Reason.RELEASED_LATER, "The license includes releases until " + lastDay + ".");
        }
    }

    private static Result allowed(FileClaims claims, LicenseState state, String message) {
        String ends = claims.licenseEndsText();
        return new Result(state, null, state == LicenseState.GRACE ? "The license expired on " + ends + "." : message, claims);
    }

    /**
     * The day of a time in UTC.
     *
     * @param time seconds since 1970; later ones than 9999 are its last day
     * @return {@code YYYY-MM-DD}
     */
    public static String dayOf(long time) {
        long bounded = Math.max(0, Math.min(time, Claims.LAST_SECOND));
        return LocalDate.ofEpochDay(bounded / 86_400).toString();
    }
}
