/* The conformance program of this library: reads calls, one JSON object a line, and writes what came of each.
 * tests/sdk/conformance has the driver, which plays the same calls to the libraries of all languages. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "program.h"

/* Reads a line of any length. False at the end of input. */
static bool read_line(lk_text *line) {
    char part[65536];
    line->length = 0;
    while (fgets(part, sizeof part, stdin)) {
        lk_append_text(line, part);
        if (line->bytes[line->length - 1] == '\n') return true;
    }
    return line->length > 0;
}

static void answer(program *program, const lk_text *line) {
    lk_arena arena = {0};
    lk_text out = {0};
    const lk_json *call = lk_json_read(&arena, line->bytes, line->length);
    if (call) run_call(program, call, &out);
    if (out.length == 0) lk_append_text(&out, "{\"error\":{\"code\":\"UNKNOWN_CALL\"}}");
    puts(out.bytes);
    fflush(stdout);
    lk_text_free(&out);
    lk_arena_free(&arena);
}

int main(void) {
    program program = {.client = NULL};
    lk_text line = {0};
    pthread_mutex_init(&program.mutex, NULL);
    while (read_line(&line)) {
        if (strspn(line.bytes, " \t\r\n") < line.length) answer(&program, &line);
    }
    close_client(&program);
    lk_text_free(&program.states);
    lk_text_free(&line);
    pthread_mutex_destroy(&program.mutex);
    return 0;
}
