package io.latchkey.internal.format;

import java.security.GeneralSecurityException;
import java.util.Map;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Encrypted license files: JWE (RFC 7516) whose key follows from the license key and the fingerprint of the device. */
final class EncryptedFile {
    private static final String INFO = "latchkey license file";

    private EncryptedFile() {}

    /** Whether the content of a file is encrypted. */
    static boolean isEncrypted(String content) {
        return content.chars().filter(character -> character == '.').count() == 4;
    }

    /**
     * The JWS in an encrypted file.
     *
     * @param licenseKey as it was sent to the server
     * @param fingerprint the same
     */
    static String decrypt(String jwe, String licenseKey, String fingerprint) throws Refusal {
        String[] parts = jwe.split("\\.", -1);
        Map<String, Object> header = Text.decodeObject(parts[0]);
        byte[] nonce = Text.decode(parts[2]);
        byte[] content = Text.decode(parts[3]);
        byte[] tag = Text.decode(parts[4]);
        if (!parts[1].isEmpty() || nonce.length != 12 || tag.length != 16) {
            throw new Refusal(Reason.MALFORMED, "The encrypted file is damaged.");
        }
        if (header.containsKey("crit") || header.containsKey("zip") || !(header.get("salt") instanceof String)) {
            throw new Refusal(Reason.MALFORMED, "The file is encrypted in a way that is not known.");
        }
        if (!"license-file+jwe".equals(header.get("typ")) || !"license-file+jwt".equals(header.get("cty"))) {
            throw new Refusal(Reason.WRONG_TYPE, "The encrypted text is no license file.");
        }
        if (!"dir".equals(header.get("alg")) || !"A256GCM".equals(header.get("enc"))) {
            throw new Refusal(Reason.WRONG_ALGORITHM, "The file is encrypted in a way that is not known.");
        }
        byte[] salt = Text.decode((String) header.get("salt"));
        byte[] both = new byte[content.length + tag.length];
        System.arraycopy(content, 0, both, 0, content.length);
        System.arraycopy(tag, 0, both, content.length, tag.length);
        try {
            byte[] key = deriveKey(Text.utf8(licenseKey + "\n" + fingerprint), salt);
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, nonce));
            cipher.updateAAD(Text.utf8(parts[0]));
            return Text.ofUtf8(cipher.doFinal(both));
        } catch (AEADBadTagException error) {
            throw new Refusal(Reason.NOT_DECRYPTED, "The license file was encrypted for another device.");
        } catch (GeneralSecurityException error) {
            throw new IllegalStateException("Each Java platform has AES-GCM and HMAC.", error);
        }
    }

    /** 32 bytes of HKDF-SHA-256 (RFC 5869), which are its first block. */
    private static byte[] deriveKey(byte[] input, byte[] salt) throws GeneralSecurityException {
        // Java refuses an empty key; HMAC pads it with zeros, so that this one is the same.
        byte[] extracted = hmac(salt.length == 0 ? new byte[32] : salt, input);
        byte[] info = Text.utf8(INFO);
        byte[] block = new byte[info.length + 1];
        System.arraycopy(info, 0, block, 0, info.length);
        block[info.length] = 1;
        return hmac(extracted, block);
    }

    /** HMAC-SHA-256 (RFC 2104). */
    static byte[] hmac(byte[] key, byte[] message) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(message);
    }
}
