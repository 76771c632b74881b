package io.latchkey.internal.format;

import io.latchkey.internal.json.JsonException;
import io.latchkey.internal.json.JsonReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;

/** Bytes and texts: base64url without padding (RFC 4648, section 5), UTF-8, hexadecimal and SHA-256. */
public final class Text {
    private Text() {}

    /**
     * The bytes of a text; a lone half of a pair of UTF-16 is U+FFFD, as in other languages.
     *
     * @param text any text
     * @return UTF-8
     */
    public static byte[] utf8(String text) {
        StringBuilder whole = null;
        for (int at = 0; at < text.length(); at++) {
            char character = text.charAt(at);
            if (!Character.isSurrogate(character)) continue;
            if (Character.isHighSurrogate(character) && at + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(at + 1))) {
                at++;
            } else {
                if (whole == null) whole = new StringBuilder(text);
                whole.setCharAt(at, '\ufffd');
            }
        }
        return (whole == null ? text : whole.toString()).getBytes(StandardCharsets.UTF_8);
    }

    /** The text of bytes that have to be UTF-8. */
    static String ofUtf8(byte[] bytes) throws Refusal {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException error) {
            throw new Refusal(Reason.MALFORMED, "The text is not UTF-8.");
        }
    }

    /**
     * Writes bytes in base64url.
     *
     * @param bytes any bytes
     * @return without padding
     */
    public static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /**
     * Reads base64url.
     *
     * @param text without padding
     * @return its bytes
     * @throws Refusal for other characters, and for a text that is not what its bytes are encoded as
     */
    public static byte[] decode(String text) throws Refusal {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException error) {
            throw new Refusal(Reason.MALFORMED, "The text is not base64url.");
        }
        // Other texts with the same bytes would be the same signature under another name.
        if (!encode(bytes).equals(text)) {
            throw new Refusal(Reason.MALFORMED, "The text is not what its bytes are encoded as.");
        }
        return bytes;
    }

    /** The JSON object in base64url. */
    static Map<String, Object> decodeObject(String part) throws Refusal {
        try {
            return JsonReader.readObject(ofUtf8(decode(part)));
        } catch (JsonException error) {
            throw new Refusal(Reason.MALFORMED, error.getMessage());
        }
    }

    /**
     * Writes bytes in hexadecimal.
     *
     * @param bytes any bytes
     * @return in lower case
     */
    public static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    /**
     * The digest of a text.
     *
     * @param text any text, hashed as UTF-8
     * @return 32 bytes
     */
    public static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(utf8(text));
        } catch (NoSuchAlgorithmException error) {
            throw new IllegalStateException("Each Java platform has SHA-256.", error);
        }
    }
}
