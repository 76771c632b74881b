package io.latchkey.internal.format;

import io.latchkey.internal.json.JsonWriter;
import java.util.Arrays;
import java.util.Map;

/** The request of an app that never has a network: text that is carried to a computer with one. */
public final class OfflineRequest {
    private OfflineRequest() {}

    /**
     * Writes a request.
     *
     * @param members of the JSON, in the order of the format
     * @return text that survives e-mail and a QR code
     */
    public static String write(Map<String, Object> members) {
        String json = JsonWriter.write(members);
        // With the check, text that was cut or mistyped is found.
        String check = Text.encode(Arrays.copyOf(Text.sha256(json), 6));
        String content = Text.encode(Text.utf8(json)) + "." + check;
        return "-----BEGIN LATCHKEY REQUEST-----\n" + content.replaceAll(".{1,64}", "$0\n")
                + "-----END LATCHKEY REQUEST-----\n";
    }
}
