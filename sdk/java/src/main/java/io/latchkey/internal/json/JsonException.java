package io.latchkey.internal.json;

/** A text that is no JSON, or nested too deep. */
public final class JsonException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * A text that is no JSON.
     *
     * @param message what is wrong with it, a sentence
     */
    public JsonException(String message) {
        // Where it was noticed says nothing: it is about a text, and texts of strangers are refused often.
        super(message, null, false, false);
    }
}
