package io.latchkey.internal.client;

import io.latchkey.FileClaims;
import io.latchkey.LatchkeyException;
import io.latchkey.LicenseStatus;
import io.latchkey.internal.format.FileCheck;
import io.latchkey.internal.format.Refusal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** License files and status lists as they arrive: one that is not the vendor's, or older, never replaces a good one. */
public final class LicenseFiles {
    private final ClientCore core;

    /**
     * The files of a client.
     *
     * @param core the client
     */
    public LicenseFiles(ClientCore core) {
        this.core = core;
    }

    /**
     * Checks a file out.
     *
     * @param ttl null: as long as the license allows
     * @param encrypt whether only this device can read it
     * @return the status
     */
    public LicenseStatus checkOut(Duration ttl, boolean encrypt) {
        return core.inTurn(call -> {
            Settings settings = core.settings;
            String licenseKey = core.licenseKey();
            Map<String, Object> body = machine(licenseKey);
            body.put("components", Refresher.components(settings));
            body.put("app_version", settings.app().version());
            body.put("ttl", ttl == null ? null : ttl.getSeconds());
            body.put("encrypt", encrypt ? Boolean.TRUE : null);
            body.put("license_file", core.kept.read().file());
            String text = Answers.text(call.change("/api/license/checkout", body), "license_file");
            try {
                if (text == null) throw Answers.untrusted("The answer has no license file.", 200);
                install(text, licenseKey);
            } catch (Refusal refusal) {
                throw Answers.untrusted("The license file of the answer is refused: " + refusal.getMessage(), 200);
            }
            return core.tell();
        });
    }

    /**
     * Gives the file back.
     *
     * @return the status
     */
    public LicenseStatus checkIn() {
        return core.inTurn(call -> {
            call.change("/api/license/checkin", machine(core.licenseKey()));
            core.kept.change(LicenseRecord::withoutFile);
            return core.tell();
        });
    }

    /**
     * Takes a file that was carried in.
     *
     * @param text of the file
     * @param licenseKey null: that of the device
     * @return the status, or that of a file that is refused
     */
    public LicenseStatus installFile(String text, String licenseKey) {
        return core.inTurn(call -> {
            try {
                install(text, licenseKey == null ? core.kept.read().licenseKey() : licenseKey);
                return core.tell();
            } catch (Refusal refusal) {
                return core.status(refusal.reason().state(), refusal.getMessage(), null);
            }
        });
    }

    /**
     * Takes a status list that was carried in.
     *
     * @param jws of the list
     * @param refresher of the client
     * @return the status
     */
    public LicenseStatus installStatusList(String jws, Refresher refresher) {
        return core.inTurn(call -> {
            try {
                refresher.keepList(jws);
            } catch (Refusal refusal) {
                throw new LatchkeyException(LatchkeyException.UNTRUSTED_ANSWER,
                        "The status list is refused: " + refusal.getMessage(), 0, refusal);
            }
            return core.tell();
        });
    }

    private void install(String text, String licenseKey) throws Refusal {
        FileCheck.Kept kept = core.kept.read().kept();
        FileClaims claims = core.settings.check(text, licenseKey, kept, List.of()).accept();
        core.kept.change(record -> record.withInstalled(licenseKey).withFile(text, claims));
    }

    private Map<String, Object> machine(String licenseKey) {
        Map<String, Object> machine = new LinkedHashMap<>();
        machine.put("license_key", licenseKey);
        machine.put("hardware_hash", core.settings.device().fingerprint());
        return machine;
    }
}
