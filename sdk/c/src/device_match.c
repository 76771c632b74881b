/* How a license file recognises its device: salted hashes of its fingerprint, or of enough of its components.
 */
#include <stdlib.h>

#include "crypto.h"
#include "license_file.h"

static bool is_same(lk_arena *arena, const lk_json *salt, const char *kind, const lk_json *component,
                    const char *value, const lk_json *expected) {
    lk_text out = {0};
    lk_append(&out, salt->text, salt->length);
    lk_append_text(&out, "\n");
    lk_append_text(&out, kind);
    if (component) lk_append(&out, component->name, component->name_length);
    lk_append_text(&out, "\n");
    lk_append_text(&out, value);
    const char *digest = out.failed ? NULL : lk_digest_text(arena, out.bytes, out.length);
    if (!digest) arena->failed = true;
    lk_text_free(&out);
    return digest && lk_is_text(expected, digest);
}

bool lk_is_device(lk_arena *arena, const lk_json *machine, const latchkey_device *device) {
    const lk_json *salt = lk_member(machine, "salt"), *match = lk_member(machine, "match");
    const lk_json *stored = lk_member(machine, "components");
    if (is_same(arena, salt, "fingerprint", NULL, device->fingerprint, lk_member(machine, "fingerprint"))) {
        return true;
    }
    size_t same = 0;
    for (const lk_json *component = stored->first; component; component = component->next) {
        const char *own = lk_component(device, component->name, component->name_length);
        if (own && is_same(arena, salt, "component ", component, own, component)) same++;
    }
    if (lk_is_text(match, "any")) return same >= 1;
    if (lk_is_text(match, "two")) return same >= 2;
    if (lk_is_text(match, "most")) return same * 2 > stored->count;
    return lk_is_text(match, "all") && same >= 1 && same == stored->count;
}
