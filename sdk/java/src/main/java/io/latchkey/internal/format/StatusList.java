package io.latchkey.internal.format;

import static io.latchkey.internal.format.Claims.TEXT;
import static io.latchkey.internal.format.Claims.TIME;
import static io.latchkey.internal.format.Claims.WHOLE;
import static io.latchkey.internal.format.Claims.members;

import io.latchkey.PublicKey;
import io.latchkey.internal.json.JsonReader;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** A status list (IETF draft-ietf-oauth-status-list): a bit for each license file, set while the file is revoked. */
public final class StatusList {
    /** A list is not larger when it is decompressed; bytes. */
    private static final int MAX_SIZE = 16_384;

    private static final Map<String, Predicate<Object>> CHECKS = Map.of(
            "sub", TEXT,
            "iat", TIME,
            "exp", TIME,
            "ttl", WHOLE,
            "status_list", members(Map.of("bits", value -> Long.valueOf(1).equals(value), "lst", TEXT)));

    private final String uri;
    private final long issuedAt;
    private final byte[] bits;

    private StatusList(String uri, long issuedAt, byte[] bits) {
        this.uri = uri;
        this.issuedAt = issuedAt;
        this.bits = bits;
    }

    /**
     * Reads a list.
     *
     * @param jws its text
     * @param keys the keys of the product
     * @return the list
     * @throws Refusal when it is not signed with one of the keys, or damaged
     */
    public static StatusList read(String jws, List<PublicKey> keys) throws Refusal {
        if (jws.length() > Jws.MAX_LENGTH) throw new Refusal(Reason.MALFORMED, "The status list is too long.");
        Map<String, Object> claims = Jws.verify(Spaces.trim(jws), "statuslist+jwt", keys);
        Claims.require(claims, CHECKS);
        String compressed = (String) JsonReader.asObject(claims.get("status_list")).get("lst");
        byte[] bits = inflate(Text.decode(compressed));
        return new StatusList((String) claims.get("sub"), (Long) claims.get("iat"), bits);
    }

    /**
     * Its address, by which files name it.
     *
     * @return an address
     */
    public String uri() {
        return uri;
    }

    /**
     * When it was signed.
     *
     * @return seconds since 1970
     */
    public long issuedAt() {
        return issuedAt;
    }

    /** Whether the index of a file is set. One beyond the list is not. */
    boolean isSet(long index) {
        return index / 8 < bits.length && (bits[(int) (index / 8)] >> index % 8 & 1) == 1;
    }

    private static byte[] inflate(byte[] compressed) throws Refusal {
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(compressed);
            byte[] bytes = new byte[MAX_SIZE + 1];
            int size = 0;
            while (!inflater.finished()) {
                int more = inflater.inflate(bytes, size, bytes.length - size);
                size += more;
                if (size > MAX_SIZE) throw new Refusal(Reason.MALFORMED, "The status list is too large.");
                // It needs more than there is, or a dictionary.
                if (more == 0 && !inflater.finished()) throw new DataFormatException();
            }
            if (inflater.getRemaining() > 0) throw new DataFormatException();
            return Arrays.copyOf(bytes, size);
        } catch (DataFormatException error) {
            throw new Refusal(Reason.MALFORMED, "The status list is not compressed right.");
        } finally {
            inflater.end();
        }
    }
}
