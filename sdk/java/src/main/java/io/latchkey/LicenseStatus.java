package io.latchkey;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.Objects;

/**
 * What is known of the license at a moment, and what went wrong while asking. It does not change.
 *
 * @param state the state
 * @param reason why; a sentence for logs
 * @param code the server's code of the last validation or refusal; null: none
 * @param entitlements by name: true, a number or a text each; empty while the license may not be used
 * @param maxUsers how many concurrent users there may be; null: not known
 * @param licenseEnds last day in UTC, inclusive; null: never expires, or not known
 * @param graceEnds last day of grace in UTC; null: none, or not known
 * @param fileEnds when the license file ends; null: there is none
 * @param checkedAt when the server said so; null: never
 * @param file claims of the license file: customer, public metadata and more; null: there is none
 * @param error why the server's answer is not known, or what it refused last; null: nothing
 * @param storageError why the license is kept in memory alone, such as a full disk; null: it is kept
 */
public record LicenseStatus(LicenseState state, String reason, String code, Map<String, Object> entitlements,
        Long maxUsers, LocalDate licenseEnds, LocalDate graceEnds, Instant fileEnds, Instant checkedAt, FileClaims file,
        LatchkeyException error, Exception storageError) {
    /**
     * A status.
     *
     * @param state the state
     * @param reason why; a sentence for logs
     * @param code the server's code of the last validation or refusal; null: none
     * @param entitlements by name: true, a number or a text each; empty while the license may not be used
     * @param maxUsers how many concurrent users there may be; null: not known
     * @param licenseEnds last day in UTC, inclusive; null: never expires, or not known
     * @param graceEnds last day of grace in UTC; null: none, or not known
     * @param fileEnds when the license file ends; null: there is none
     * @param checkedAt when the server said so; null: never
     * @param file claims of the license file: customer, public metadata and more; null: there is none
     * @param error why the server's answer is not known, or what it refused last; null: nothing
     * @param storageError why the license is kept in memory alone, such as a full disk; null: it is kept
     */
    public LicenseStatus {
        Objects.requireNonNull(state, "state");
        entitlements = state.usable() ? entitlements : Map.of();
    }

    /**
     * Whether the app may run.
     *
     * @return that of the state
     */
    public boolean usable() {
        return state.usable();
    }

    /**
     * Whether the license includes a feature.
     *
     * @param entitlement its name
     * @return true when the entitlement is there and the license may be used
     */
    public boolean isEntitledTo(String entitlement) {
        return entitlements.containsKey(entitlement);
    }
}
