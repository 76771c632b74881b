package io.latchkey.internal.client;

import io.latchkey.Update;
import java.util.LinkedHashMap;
import java.util.Map;

/** Calls about releases of the app. */
public final class Updates {
    private Updates() {}

    /**
     * Asks for a newer release.
     *
     * @param core the client
     * @return what there is
     */
    public static Update check(ClientCore core) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("current_version", core.settings.app().version());
        body.put("license_key", core.licenseKey());
        return core.apart(call -> {
            Map<String, Object> answer = call.ask("/api/version/check", body);
            return new Update(Boolean.TRUE.equals(answer.get("update_available")), Answers.text(answer, "latest_version"),
                    Answers.text(answer, "download_url"), Answers.text(answer, "release_notes"),
                    Boolean.TRUE.equals(answer.get("is_mandatory")));
        });
    }
}
