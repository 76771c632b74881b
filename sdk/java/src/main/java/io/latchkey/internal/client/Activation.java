package io.latchkey.internal.client;

import io.latchkey.FileClaims;
import io.latchkey.LatchkeyException;
import io.latchkey.LicenseKey;
import io.latchkey.LicenseState;
import io.latchkey.LicenseStatus;
import io.latchkey.internal.format.FileCheck;
import io.latchkey.internal.format.OfflineRequest;
import io.latchkey.internal.format.Refusal;
import io.latchkey.internal.format.RemovalCode;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The license on this device: activated and given back, with a network and without one. */
public final class Activation {
    private final ClientCore core;
    private final Refresher refresher;

    /**
     * The activation of a client.
     *
     * @param core the client
     * @param refresher its refreshes
     */
    public Activation(ClientCore core, Refresher refresher) {
        this.core = core;
        this.refresher = refresher;
    }

    /**
     * Activates.
     *
     * @param typed the license key
     * @param metadata of the activation; null: none
     * @return the status
     */
    public LicenseStatus activate(String typed, Map<String, Object> metadata) {
        String licenseKey = keyOf(typed);
        Settings settings = core.settings;
        Map<String, Object> body = machine(licenseKey);
        body.put("machine_name", settings.deviceName() == null ? "" : settings.deviceName());
        body.put("app_version", settings.app().version());
        body.put("components", Refresher.components(settings));
        body.put("metadata", metadata);
        return core.inTurn(call -> {
            try {
                call.change("/api/license/activate", body);
            } catch (CallError failed) {
                return refused(failed.error());
            }
            core.kept.change(record -> licenseKey.equals(record.licenseKey())
                    ? record.withLicense(licenseKey)
                    : record.forLicense(licenseKey));
            return refresher.refresh(call);
        });
    }

    /** The status of a refusal that is about the license; other errors are thrown. */
    private LicenseStatus refused(LatchkeyException error) {
        LicenseState state = LocalState.ofCode(error.code());
        if (state == null || state.usable()) throw error;
        core.setError(error);
        LicenseStatus status = core.status();
        // A license that the device has already stays.
        return status.usable() ? status : core.status(state, error.getMessage(), error.code());
    }

    /**
     * Deactivates.
     *
     * @return the status
     */
    public LicenseStatus deactivate() {
        return core.inTurn(call -> {
            call.change("/api/license/deactivate", machine(core.licenseKey()));
            return forget();
        });
    }

    /**
     * Deactivates without a network.
     *
     * @return the removal code
     */
    public String deactivateOffline() {
        return core.inTurn(call -> {
            LicenseRecord record = core.kept.read();
            if (record.file() == null) return lastCode(record);
            FileClaims claims;
            String code;
            try {
                FileCheck check = core.settings.check(record.file(), record.licenseKey(), record.kept(), List.of());
                claims = check.acceptOwn();
                code = RemovalCode.of(claims);
            } catch (Refusal refusal) {
                throw new LatchkeyException(LatchkeyException.NOT_ACTIVATED,
                        "The license file of this device cannot be given back: " + refusal.getMessage(), 0, refusal);
            }
            String activation = String.valueOf(claims.activation());
            LicenseRecord after = core.kept.change(before ->
                    before.withRemoved(claims.activation(), new LicenseRecord.Removed(claims.seq(), code)).forLicense(null));
            core.setError(null);
            core.setLeaseEnds(null);
            core.tell();
            // An older file that was put back has the code that was given before.
            return after.removed().get(activation).code();
        });
    }

    private static String lastCode(LicenseRecord record) {
        // A device that has another license since has nothing to give back.
        return record.removed().values().stream().filter(one -> record.licenseKey() == null).max(Comparator.comparingLong(LicenseRecord.Removed::seq))
                .map(LicenseRecord.Removed::code)
                .orElseThrow(() -> new LatchkeyException(LatchkeyException.NOT_ACTIVATED,
                        "There is no license file on this device that could be given back.", 0, null));
    }

    /**
     * A request for a license file.
     *
     * @param typed the license key
     * @param encrypt whether the file is to be encrypted; null: as the server does by default
     * @return its text
     */
    public String offlineRequest(String typed, Boolean encrypt) {
        Settings settings = core.settings;
        Map<String, Object> members = machine(keyOf(typed));
        members.put("components", Refresher.components(settings));
        members.put("machine_name", settings.deviceName());
        members.put("app_version", settings.app().version());
        members.put("encrypt", encrypt);
        members.put("created_at", settings.now());
        members.values().removeIf(value -> value == null);
        return OfflineRequest.write(members);
    }

    private LicenseStatus forget() {
        core.setError(null);
        core.setLeaseEnds(null);
        core.kept.change(record -> record.forLicense(null));
        return core.tell();
    }

    private Map<String, Object> machine(String licenseKey) {
        Map<String, Object> machine = new LinkedHashMap<>();
        machine.put("license_key", licenseKey);
        machine.put("hardware_hash", core.settings.device().fingerprint());
        return machine;
    }

    private static String keyOf(String typed) {
        LicenseKey key = LicenseKey.read(typed);
        return key == null ? typed : key.text();
    }
}
