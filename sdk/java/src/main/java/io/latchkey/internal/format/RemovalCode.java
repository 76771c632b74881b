package io.latchkey.internal.format;

import io.latchkey.FileClaims;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.util.Arrays;

/** The code by which a device without a network gives its activation back. */
public final class RemovalCode {
    /** Crockford's base 32. */
    private static final String DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    private RemovalCode() {}

    /**
     * The code of a license file.
     *
     * @param claims of the file
     * @return with a dash after every five characters
     * @throws Refusal when the claim {@code removal} is no key
     */
    public static String of(FileClaims claims) throws Refusal {
        return of(claims.activation(), claims.seq(), Text.decode((String) claims.toMap().get("removal")));
    }

    /** @param key 32 bytes */
    static String of(long activation, long seq, byte[] key) {
        byte[] proof;
        try {
            proof = EncryptedFile.hmac(key, Text.utf8("removal\n" + activation + "\n" + seq));
        } catch (GeneralSecurityException error) {
            throw new IllegalStateException("Each Java platform has HMAC.", error);
        }
        // 128 bits and two that are 0 are 26 digits.
        BigInteger bits = new BigInteger(1, Arrays.copyOf(proof, 16)).shiftLeft(2);
        String code = digits(BigInteger.valueOf(activation), 1) + digits(BigInteger.valueOf(seq), 8) + digits(bits, 26);
        return code.replaceAll(".{5}(?=.)", "$0-");
    }

    private static String digits(BigInteger number, int length) {
        StringBuilder digits = new StringBuilder(number.toString(32));
        while (digits.length() < length) digits.insert(0, '0');
        for (int at = 0; at < digits.length(); at++) {
            digits.setCharAt(at, DIGITS.charAt(Character.digit(digits.charAt(at), 32)));
        }
        return digits.toString();
    }
}
