package io.latchkey.internal.client;

import io.latchkey.FileClaims;
import io.latchkey.LicenseState;
import io.latchkey.internal.format.FileCheck;
import io.latchkey.internal.format.Reason;
import io.latchkey.internal.format.Refusal;
import io.latchkey.internal.format.SignedValidation;
import java.util.List;
import java.util.Map;

/**
 * The state of the license by what is kept on the device, without a network.
 *
 * @param state the state
 * @param reason a sentence for logs
 * @param code the server's code of the last validation or refusal; null: none
 * @param validation the last one that is the server's; null: none
 * @param file claims of the license file; null: there is none
 */
record LocalState(LicenseState state, String reason, String code, SignedValidation validation, FileClaims file) {
    /** The states of the server's codes, of validations and of refusals. */
    private static final Map<String, LicenseState> STATES = Map.ofEntries(
            Map.entry("VALID", LicenseState.VALID),
            Map.entry("GRACE_PERIOD", LicenseState.GRACE),
            Map.entry("LICENSE_INACTIVE", LicenseState.DISABLED),
            Map.entry("LICENSE_NOT_YET_VALID", LicenseState.DISABLED),
            Map.entry("LICENSE_EXPIRED", LicenseState.EXPIRED),
            Map.entry("VERSION_NOT_ENTITLED", LicenseState.VERSION_NOT_ENTITLED),
            Map.entry("NOT_ACTIVATED", LicenseState.NOT_ACTIVATED),
            Map.entry("ACTIVATION_INACTIVE", LicenseState.NOT_ACTIVATED),
            Map.entry("INVALID_LICENSE", LicenseState.INVALID),
            Map.entry("ACTIVATION_LIMIT_REACHED", LicenseState.LIMIT_REACHED),
            Map.entry("NEW_MACHINES_LIMIT_REACHED", LicenseState.LIMIT_REACHED));

    /** The state of a code of the server; null when the code says nothing about the license. */
    static LicenseState ofCode(String code) {
        return STATES.get(code);
    }

    /** The state of a record. */
    static LocalState of(LicenseRecord record, Settings settings) {
        SignedValidation validation = savedValidation(record, settings);
        FileCheck.Result file = record.file() == null ? null : checkFile(record, validation, settings);
        FileClaims claims = file == null ? null : file.claims();
        long fileTime = claims == null ? 0 : claims.issuedAt().getEpochSecond();
        long trusted = Math.max(record.trusted(), Math.max(validation == null ? 0 : validation.issuedAt(), fileTime));
        long clock = settings.now();
        String code = validation != null ? validation.code() : record.refusal();
        if (clock < trusted - FileCheck.TOLERANCE) {
            return new LocalState(LicenseState.CLOCK_TAMPERED, "The clock is behind the latest trusted time.", code,
                    validation, claims);
        }
        if (validation != null && !validation.valid() && validation.issuedAt() >= fileTime) {
            LicenseState state = ofCode(validation.code());
            return new LocalState(state == null || state.usable() ? LicenseState.INVALID : state,
                    "The server answered " + validation.code() + ".", code, validation, claims);
        }
        // A file that has ended or was signed with a key that is not known leaves what the server said last.
        boolean isFinal = file != null && file.state() != LicenseState.INVALID && file.reason() != Reason.FILE_ENDED;
        if (isFinal) return new LocalState(file.state(), file.message(), code, validation, claims);
        if (validation != null && validation.valid()) {
            return withoutFile(validation, claims, settings, Math.max(clock, trusted));
        }
        if (file != null) return new LocalState(file.state(), file.message(), code, null, claims);
        LicenseState refused = record.refusal() == null ? null : ofCode(record.refusal());
        if (refused != null && !refused.usable()) {
            return new LocalState(refused, "The server answered " + record.refusal() + ".", code, null, null);
        }
        return new LocalState(LicenseState.NOT_ACTIVATED, "There is no license on this device.", code, null, null);
    }

    private static FileCheck.Result checkFile(LicenseRecord record, SignedValidation validation, Settings settings) {
        LicenseRecord seen = validation == null ? record : record.withTrusted(validation.issuedAt());
        List<String> lists = record.list() == null ? List.of() : List.of(record.list());
        return settings.check(record.file(), record.licenseKey(), seen.kept(), lists).result();
    }

    /** The validation that was kept; null when it is not the server's, or is about another key or device. */
    private static SignedValidation savedValidation(LicenseRecord record, Settings settings) {
        if (record.validation() == null || record.licenseKey() == null) return null;
        try {
            return SignedValidation.read(record.validation(), settings.sent(null, record.licenseKey()),
                    settings.publicKeys());
        } catch (Refusal refusal) {
            return null;
        }
    }

    /** The state of a license without a file, by the last validation. */
    private static LocalState withoutFile(SignedValidation validation, FileClaims claims, Settings settings, long time) {
        String ends = validation.validUntil();
        String day = FileCheck.dayOf(time);
        String validated = FileCheck.dayOf(validation.issuedAt());
        long age = time - validation.issuedAt();
        // One that was valid after its last day, and not by grace, is so by its terms.
        boolean isOver = ends != null && day.compareTo(ends) > 0
                && (validated.compareTo(ends) <= 0 || validation.code().equals("GRACE_PERIOD"));
        boolean isInGrace = validation.graceEnds() != null && day.compareTo(validation.graceEnds()) <= 0;
        LicenseState state;
        String reason;
        if (isOver && !isInGrace) {
            state = LicenseState.EXPIRED;
            reason = "The license expired on " + ends + ".";
        } else if (age > settings.offlineGrace().getSeconds()) {
            state = LicenseState.EXPIRED;
            reason = "The server was not reached for too long.";
        } else if (age > settings.freshFor().getSeconds()) {
            state = LicenseState.OFFLINE_GRACE;
            reason = "The server was not reached for a while.";
        } else if (isOver) {
            state = LicenseState.GRACE;
            reason = "The license expired on " + ends + ".";
        } else {
            state = LicenseState.VALID;
            reason = "The license is valid.";
        }
        return new LocalState(state, reason, validation.code(), validation, claims);
    }
}
