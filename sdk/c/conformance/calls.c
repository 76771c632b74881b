/* The calls of the conformance program, by the public functions of the library. */
#include <stdlib.h>
#include <string.h>

#include "program.h"

void put_error(lk_text *out, latchkey_error *error) {
    lk_append_text(out, "{\"error\":");
    lk_append_text(out, latchkey_error_json(error));
    lk_append_char(out, '}');
    latchkey_error_free(error);
}

static void put_status(lk_text *out, latchkey_status *status, latchkey_error *error) {
    if (error) {
        put_error(out, error);
        return;
    }
    lk_append_text(out, "{\"status\":");
    lk_append_text(out, latchkey_status_json(status));
    lk_append_char(out, '}');
    latchkey_status_free(status);
}

/* A text that is the library's, under a name. */
static void put_made(lk_text *out, const char *name, char *text, latchkey_error *error) {
    if (error) {
        put_error(out, error);
        return;
    }
    lk_append_char(out, '{');
    lk_put_text(out, name, text);
    lk_append_char(out, '}');
    latchkey_free(text);
}

static void put_ok(lk_text *out, latchkey_error *error) {
    if (error)
        put_error(out, error);
    else
        lk_append_text(out, "{\"ok\":true}");
}

static void put_meter(lk_text *out, latchkey_meter *meter, latchkey_error *error) {
    if (error) {
        put_error(out, error);
        return;
    }
    lk_append_text(out, "{\"meter\":{");
    lk_put_text(out, "id", meter->id);
    lk_put_number(out, "used", meter->used);
    lk_put_number(out, "reserved", meter->reserved);
    if (meter->has_limit)
        lk_put_number(out, "limit", meter->limit);
    else
        lk_put_text(out, "limit", NULL);
    if (meter->has_limit)
        lk_put_number(out, "remaining", meter->remaining);
    else
        lk_put_text(out, "remaining", NULL);
    if (meter->reservation) lk_put_text(out, "reservation", meter->reservation);
    if (meter->expires_at != LATCHKEY_NONE) lk_put_whole(out, "expires_at", meter->expires_at);
    lk_append_text(out, "}}");
    latchkey_meter_free(meter);
}

static void put_session(lk_text *out, latchkey_session *session, latchkey_error *error) {
    if (error) {
        put_error(out, error);
        return;
    }
    lk_append_text(out, "{\"session\":{");
    lk_put_text(out, "id", session->id);
    lk_put_whole(out, "expires_at", session->expires_at);
    lk_put_whole(out, "active_sessions", session->active_sessions);
    lk_put_whole(out, "max_users", session->max_users);
    lk_append_text(out, "}}");
    latchkey_session_free(session);
}

static void put_update(lk_text *out, latchkey_update *update, latchkey_error *error) {
    if (error) {
        put_error(out, error);
        return;
    }
    lk_append_text(out, "{\"update\":{");
    lk_put_boolean(out, "available", update->available);
    lk_put_text(out, "latest_version", update->latest_version);
    lk_put_text(out, "download_url", update->download_url);
    lk_put_text(out, "release_notes", update->release_notes);
    lk_put_boolean(out, "is_mandatory", update->is_mandatory);
    lk_append_text(out, "}}");
    latchkey_update_free(update);
}

/* Calls that return a status. False for other calls. */
static bool run_status_call(latchkey_client *client, const char *name, const lk_json *call, lk_text *out) {
    latchkey_status *status = NULL;
    latchkey_error *error = NULL;
    const lk_json *encrypt = lk_member(call, "encrypt");
    const char *license_key = lk_text_member(call, "license_key"), *list = lk_text_member(call, "list");
    if (strcmp(name, "start") == 0)
        latchkey_client_start(client, &status, &error);
    else if (strcmp(name, "status") == 0)
        latchkey_client_status(client, &status, &error);
    else if (strcmp(name, "refresh") == 0)
        latchkey_client_refresh(client, &status, &error);
    else if (strcmp(name, "activate") == 0)
        latchkey_client_activate(client, license_key, &status, &error);
    else if (strcmp(name, "deactivate") == 0)
        latchkey_client_deactivate(client, &status, &error);
    else if (strcmp(name, "check_out") == 0) {
        int64_t ttl = lk_whole(lk_member(call, "ttl"), 0);
        latchkey_client_check_out(client, ttl, encrypt && encrypt->boolean, &status, &error);
    } else if (strcmp(name, "check_in") == 0) {
        latchkey_client_check_in(client, &status, &error);
    } else if (strcmp(name, "install_file") == 0) {
        /* A text with a zero byte ends there in C. */
        const lk_json *file = lk_string_member(call, "file");
        latchkey_client_install_file(client, file ? file->text : NULL, license_key, &status, &error);
    } else if (strcmp(name, "install_status_list") == 0) {
        latchkey_client_install_status_list(client, list, &status, &error);
    } else {
        return false;
    }
    put_status(out, status, error);
    return true;
}

/* Calls of metered use. False for other calls. */
static bool run_usage_call(latchkey_client *client, const char *name, const lk_json *call, lk_text *out) {
    latchkey_meter *after = NULL;
    latchkey_error *error = NULL;
    const char *meter = lk_text_member(call, "meter"), *reservation = lk_text_member(call, "reservation");
    int64_t amount = lk_whole(lk_member(call, "amount"), LATCHKEY_ALL);
    int64_t at_least_one = amount == LATCHKEY_ALL ? 1 : amount;
    int64_t ttl = lk_whole(lk_member(call, "ttl"), 60);
    if (strcmp(name, "usage_increment") == 0) {
        latchkey_client_usage_increment(client, meter, at_least_one, &after, &error);
    } else if (strcmp(name, "usage_reserve") == 0) {
        latchkey_client_usage_reserve(client, meter, at_least_one, ttl, &after, &error);
    } else if (strcmp(name, "usage_commit") == 0) {
        latchkey_client_usage_commit(client, reservation, amount, &after, &error);
    } else if (strcmp(name, "usage_release") == 0) {
        latchkey_client_usage_release(client, reservation, &after, &error);
    } else {
        return false;
    }
    put_meter(out, after, error);
    return true;
}

static void run_other_call(latchkey_client *client, const char *name, const lk_json *call, lk_text *out) {
    latchkey_error *error = NULL;
    char *text = NULL;
    const lk_json *encrypt = lk_member(call, "encrypt");
    const char *license_key = lk_text_member(call, "license_key");
    if (strcmp(name, "stop") == 0) {
        latchkey_client_stop(client);
        put_ok(out, NULL);
    } else if (strcmp(name, "deactivate_offline") == 0) {
        latchkey_client_deactivate_offline(client, &text, &error);
        put_made(out, "code", text, error);
    } else if (strcmp(name, "offline_request") == 0) {
        latchkey_client_offline_request(client, license_key, encrypt && encrypt->boolean, &text, &error);
        put_made(out, "text", text, error);
    } else if (strcmp(name, "check_for_update") == 0) {
        latchkey_update *update = NULL;
        latchkey_client_check_for_update(client, &update, &error);
        put_update(out, update, error);
    } else if (strcmp(name, "seats_start") == 0) {
        latchkey_session *session = NULL;
        latchkey_client_seats_start(client, &session, &error);
        put_session(out, session, error);
    } else if (strcmp(name, "seats_end") == 0) {
        latchkey_client_seats_end(client, &error);
        put_ok(out, error);
    }
}

static void set_clock(program *program, const lk_json *call) {
    const lk_json *now = lk_member(call, "now"), *offset = lk_member(call, "offset");
    pthread_mutex_lock(&program->mutex);
    program->is_standing = now && now->kind == LK_NUMBER;
    if (program->is_standing) program->now = now->number;
    program->offset = offset ? offset->number : 0;
    pthread_mutex_unlock(&program->mutex);
}

static void put_changes(program *program, lk_text *out) {
    pthread_mutex_lock(&program->mutex);
    lk_append_text(out, "{\"states\":[");
    if (program->states.bytes) lk_append_text(out, program->states.bytes);
    lk_append_text(out, "]}");
    lk_text_free(&program->states);
    pthread_mutex_unlock(&program->mutex);
}

typedef struct parallel_call {
    program *program;
    const lk_json *call;
    lk_text out;
    pthread_t thread;
} parallel_call;

static void *run_parallel(void *context) {
    parallel_call *one = context;
    run_call(one->program, one->call, &one->out);
    return NULL;
}

static void run_all(program *program, const lk_json *list, lk_text *out) {
    size_t count = list ? list->count : 0, index = 0;
    parallel_call *calls = calloc(count + 1, sizeof *calls);
    for (const lk_json *call = list ? list->first : NULL; call; call = call->next, index++) {
        calls[index].program = program;
        calls[index].call = call;
        pthread_create(&calls[index].thread, NULL, run_parallel, &calls[index]);
    }
    lk_append_text(out, "{\"results\":[");
    for (index = 0; index < count; index++) {
        pthread_join(calls[index].thread, NULL);
        if (index > 0) lk_append_char(out, ',');
        lk_append(out, calls[index].out.bytes, calls[index].out.length);
        lk_text_free(&calls[index].out);
    }
    lk_append_text(out, "]}");
    free(calls);
}

void run_call(program *program, const lk_json *call, lk_text *out) {
    const char *name = lk_text_member(call, "call");
    if (!name) return;
    if (strcmp(name, "open") == 0)
        run_open(program, call, out);
    else if (strcmp(name, "changes") == 0)
        put_changes(program, out);
    else if (strcmp(name, "parallel") == 0)
        run_all(program, lk_member(call, "calls"), out);
    else if (strcmp(name, "clock") == 0) {
        set_clock(program, call);
        put_ok(out, NULL);
    } else if (program->client && !run_status_call(program->client, name, call, out) &&
               !run_usage_call(program->client, name, call, out)) {
        run_other_call(program->client, name, call, out);
    }
}
