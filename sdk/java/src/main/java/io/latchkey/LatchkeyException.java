package io.latchkey;

import java.util.Map;

/**
 * A refusal of the server, or a failure to reach it. It is unchecked, as most calls that fail so are repeated in the background;
 * each method that throws it says so.
 */
public final class LatchkeyException extends RuntimeException {
    /** The code when the server was not reached, or the call was ended. */
    public static final String NETWORK_ERROR = "NETWORK_ERROR";
    /** The code when an answer is not that of the vendor's server. */
    public static final String UNTRUSTED_ANSWER = "UNTRUSTED_ANSWER";
    /** The code when there is no license on this device. */
    public static final String NOT_ACTIVATED = "NOT_ACTIVATED";

    private static final long serialVersionUID = 1L;

    /** The code. */
    private final String code;
    /** Facts of the code. */
    private final transient Map<String, Object> details;
    /** The id of the request. */
    private final String requestId;
    /** The HTTP status. */
    private final int status;
    /** Seconds. */
    private final Double retryAfter;

    /**
     * An error.
     *
     * @param code as {@link #code()}
     * @param message a sentence
     * @param status as {@link #status()}
     * @param details as {@link #details()}
     * @param requestId as {@link #requestId()}
     * @param retryAfter as {@link #retryAfter()}
     * @param cause null: none
     */
    public LatchkeyException(String code, String message, int status, Map<String, Object> details, String requestId,
            Double retryAfter, Throwable cause) {
        super(message, cause);
        this.code = code;
        this.status = status;
        this.details = details;
        this.requestId = requestId;
        this.retryAfter = retryAfter;
    }

    /**
     * An error that is not the server's.
     *
     * @param code as {@link #code()}
     * @param message a sentence
     * @param status as {@link #status()}
     * @param cause null: none
     */
    public LatchkeyException(String code, String message, int status, Throwable cause) {
        this(code, message, status, Map.of(), null, null, cause);
    }

    /**
     * The server's code, such as {@code ACTIVATION_LIMIT_REACHED}; {@link #NETWORK_ERROR}, {@link #UNTRUSTED_ANSWER} and
     * {@link #NOT_ACTIVATED} are the library's as well; {@code HTTP_502} and the like are those of a proxy.
     *
     * @return the code
     */
    public String code() {
        return code;
    }

    /**
     * Facts of the code: limits, counts, the field it is about.
     *
     * @return by name; empty when there are none
     */
    public Map<String, Object> details() {
        return details == null ? Map.of() : details;
    }

    /**
     * The id by which the vendor finds the request in the server's log.
     *
     * @return null when the server was not reached
     */
    public String requestId() {
        return requestId;
    }

    /**
     * The HTTP status.
     *
     * @return 0 when the server was not reached, or not asked
     */
    public int status() {
        return status;
    }

    /**
     * The seconds after which to try again, as the server says.
     *
     * @return null when it does not
     */
    public Double retryAfter() {
        return retryAfter;
    }
}
