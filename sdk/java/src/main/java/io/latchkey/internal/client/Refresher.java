package io.latchkey.internal.client;

import io.latchkey.FileClaims;
import io.latchkey.LatchkeyException;
import io.latchkey.LicenseState;
import io.latchkey.LicenseStatus;
import io.latchkey.internal.format.FileCheck;
import io.latchkey.internal.format.Reason;
import io.latchkey.internal.format.Refusal;
import io.latchkey.internal.format.SignedValidation;
import io.latchkey.internal.format.Spaces;
import io.latchkey.internal.format.StatusList;
import io.latchkey.internal.format.Text;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;

/** Asks the server whether the license may be used, believes what is signed, and keeps it. */
public final class Refresher {
    private final ClientCore core;
    private final AtomicReference<CompletableFuture<LicenseStatus>> running = new AtomicReference<>();

    /**
     * The refreshes of a client.
     *
     * @param core the client
     */
    public Refresher(ClientCore core) {
        this.core = core;
    }

    /**
     * Refreshes; two at the same time are one request.
     *
     * @return the status afterwards
     */
    public LicenseStatus refresh() {
        CompletableFuture<LicenseStatus> own = new CompletableFuture<>();
        CompletableFuture<LicenseStatus> other = running.compareAndExchange(null, own);
        if (other != null) return join(other);
        return core.inTurn(call -> {
            try {
                LicenseStatus status = refresh(call);
                own.complete(status);
                return status;
            } catch (RuntimeException | Error error) {
                own.completeExceptionally(error);
                throw error;
            } finally {
                running.set(null);
            }
        });
    }

    private LicenseStatus join(CompletableFuture<LicenseStatus> other) {
        try {
            return other.get();
        } catch (InterruptedException error) {
            Thread.currentThread().interrupt();
            return core.status();
        } catch (ExecutionException error) {
            throw new IllegalStateException(error.getCause());
        }
    }

    /** Refreshes within a turn. */
    LicenseStatus refresh(Call call) {
        LicenseRecord record = core.kept.read();
        if (record.licenseKey() == null) {
            core.setError(null);
        } else {
            try {
                ask(call, record.licenseKey(), record.file());
                core.setError(null);
                // The server says what it thinks of the license; a later list says whether the file is revoked still.
                if (core.status().state() == LicenseState.REVOKED) fetchList(call);
            } catch (CallError failed) {
                core.setError(failed.error());
            }
        }
        return core.tell();
    }

    private void ask(Call call, String licenseKey, String file) throws CallError {
        Settings settings = core.settings;
        String nonce = Text.encode(settings.randomBytes(16));
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("license_key", licenseKey);
        body.put("hardware_hash", settings.device().fingerprint());
        body.put("app_version", settings.app().version());
        body.put("components", components(settings));
        body.put("nonce", nonce);
        body.put("file", file == null ? Boolean.TRUE : file);
        Map<String, Object> answer = Map.of();
        String signature;
        try {
            answer = call.ask("/api/license/verify", body);
            signature = Answers.text(answer, "signature");
        } catch (CallError failed) {
            signature = failed.signature();
            if (signature == null) {
                // The API key may have been replaced: the list needs none.
                if (failed.error().status() != 0) fetchList(call);
                throw failed;
            }
        }
        SignedValidation claims = believed(signature, nonce, licenseKey);
        keep(licenseKey, signature, claims, Answers.text(answer, "license_file"));
        core.setLeaseEnds(Answers.time(answer, "lease_ends"));
    }

    static Map<String, String> components(Settings settings) {
        Map<String, String> components = settings.device().components();
        return components.isEmpty() ? null : components;
    }

    private void keep(String licenseKey, String signature, SignedValidation claims, String file) {
        core.kept.change(record -> {
            // Another license was activated meanwhile.
            if (!licenseKey.equals(record.licenseKey())) return record;
            LicenseRecord next = record.withValidation(signature, claims.issuedAt());
            if (file == null) return next;
            try {
                return next.withFile(file, core.settings.check(file, licenseKey, next.kept(), List.of()).accept());
            } catch (Refusal refusal) {
                // The answer is signed, its file is not the vendor's: the one before stays.
                return next;
            }
        });
    }

    private SignedValidation believed(String signature, String nonce, String licenseKey) throws CallError {
        try {
            if (signature == null) throw new Refusal(Reason.MALFORMED, "The answer is not signed.");
            return SignedValidation.read(signature, core.settings.sent(nonce, licenseKey), core.settings.publicKeys());
        } catch (Refusal refusal) {
            throw new CallError(new LatchkeyException(LatchkeyException.UNTRUSTED_ANSWER, refusal.getMessage(), 200, refusal),
                    null);
        }
    }

    /** Gets the status list of the file and keeps it. Without one nothing changes. */
    private void fetchList(Call call) {
        String address = listAddress(core.kept.read());
        if (address == null) return;
        try {
            keepList(call.text(address));
        } catch (Refusal | CallError error) {
            // The next refresh asks again.
            return;
        }
    }

    /** Keeps a status list, unless a later one was seen. */
    void keepList(String jws) throws Refusal {
        String text = Spaces.trim(jws);
        StatusList list = StatusList.read(text, core.settings.publicKeys());
        core.kept.change(record -> {
            if (list.issuedAt() < record.lists().getOrDefault(list.uri(), 0L)) return record;
            String own = listAddress(record);
            // A list of other files does not replace that of the file.
            String kept = own == null || own.equals(list.uri()) ? text : record.list();
            return record.withList(kept, list.uri(), list.issuedAt());
        });
    }

    /** The address of the status list of the file; null without one. */
    private String listAddress(LicenseRecord record) {
        if (record.file() == null) return null;
        try {
            return core.settings.check(record.file(), record.licenseKey(), FileCheck.Kept.NOTHING, List.of()).acceptOwn()
                    .statusUri();
        } catch (Refusal refusal) {
            return null;
        }
    }
}
