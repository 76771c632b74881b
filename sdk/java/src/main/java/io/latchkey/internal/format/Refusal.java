package io.latchkey.internal.format;

/** A signed text that is refused. */
public final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    /** Why. */
    private final Reason reason;

    /**
     * Refuses a text.
     *
     * @param reason by the words of the format
     * @param message a sentence for logs
     */
    public Refusal(Reason reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    /**
     * Why it is refused.
     *
     * @return by the words of the format
     */
    public Reason reason() {
        return reason;
    }
}
