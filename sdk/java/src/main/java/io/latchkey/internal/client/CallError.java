package io.latchkey.internal.client;

import io.latchkey.LatchkeyException;

/** A call that failed, with the signature of a refusal that has one. */
public final class CallError extends Exception {
    private static final long serialVersionUID = 1L;

    /** What the app gets. */
    private final LatchkeyException error;
    /** That of the refusal. */
    private final String signature;

    CallError(LatchkeyException error, String signature) {
        super(error.getMessage(), error, false, false);
        this.error = error;
        this.signature = signature;
    }

    /** What the app gets. */
    LatchkeyException error() {
        return error;
    }

    /** The signed refusal of a license key that no license has; null for others. */
    String signature() {
        return signature;
    }
}
