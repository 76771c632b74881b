// The header for C++: what it holds is freed, errors are thrown with their members, listeners are called.
#include <cstdio>
#include <cstring>
#include <vector>

#include <latchkey.hpp>

static int failed = 0;

#define EXPECT(condition)                                                                                    \
    do {                                                                                                     \
        if (!(condition)) {                                                                                  \
            failed++;                                                                                        \
            std::fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                             \
        }                                                                                                    \
    } while (false)

static int refuse(void *, const latchkey_request *request, latchkey_response *response) {
    bool is_activation = std::strstr(latchkey_request_url(request), "activate") != nullptr;
    const char *body =
        is_activation
            ? R"({"error":{"code":"LICENSE_EXPIRED","message":"Expired.","details":{"on":"2026-01-01"}}})"
            : R"({"error":{"code":"FORBIDDEN","message":"No.","details":{}}})";
    latchkey_response_set_status(response, 403);
    latchkey_response_add_header(response, "X-Request-Id", "request-1");
    return latchkey_response_append(response, body, std::strlen(body));
}

static latchkey::Options options() {
    latchkey::Options given{
        "https://licenses.example.com",
        "lk_test",
        "painter",
        "2.1.0",
        "",
        {{"UDDReOZl1ipXAfp9wYsm13sDBMK5og--QWdBjzuf6o4", "iojj3XQJ8ZX9UtstPLpdcspnCb8dlBIb83SIAbQPb1w"}},
        "",
        latchkey::Device("9f86d081884c7d65", {{"board", "b-71"}}),
        "",
    };
    given.more.transport = refuse;
    return given;
}

static void errors_are_thrown() {
    try {
        latchkey::Options bad = options();
        bad.api_key = "two\r\nlines";
        latchkey::Client client(bad);
        EXPECT(false);
    } catch (const latchkey::Error &error) {
        EXPECT(error.code() == "INVALID_OPTIONS");
        EXPECT(error.result() == LATCHKEY_ERROR_INVALID_ARGUMENT);
        EXPECT(!error.request_id());
    }
    latchkey::Client client(options());
    try {
        client.check_for_update();
        EXPECT(false);
    } catch (const latchkey::Error &error) {
        EXPECT(error.code() == "NOT_ACTIVATED");
    }
    try {
        latchkey::Device::of_parts("painter", {{"board", "Default string"}});
        EXPECT(false);
    } catch (const latchkey::Error &error) {
        EXPECT(std::strlen(error.what()) > 0);
    }
}

static void refusals_are_states() {
    latchkey::Client client(options());
    latchkey::Status status = client.activate("TEST-TEST-TEST-TEST");
    EXPECT(status.state() == latchkey::State::expired);
    EXPECT(latchkey::name_of(status.state()) == "expired");
    EXPECT(!status.usable());
    EXPECT(status.reason() == "Expired.");
    EXPECT(status.error() && status.error()->request_id() == "request-1");
    EXPECT(status.error()->details() == R"({"on":"2026-01-01"})");
    EXPECT(!status.max_users() && !status.license_ends() && !status.storage_error());
    EXPECT(status.json().find("\"state\":\"expired\"") != std::string::npos);
    latchkey::Status copy = status;
    EXPECT(copy.state() == status.state());
}

static void listeners_are_called() {
    std::vector<latchkey::State> heard;
    latchkey::Client client(options());
    auto number = client.on_change([&](const latchkey::Status &status) { heard.push_back(status.state()); });
    client.start();
    client.refresh();
    client.remove_listener(number);
    client.stop();
    EXPECT(heard.size() == 1 && heard[0] == latchkey::State::not_activated);
    EXPECT(client.offline_request("TEST-TEST-TEST-TEST", true).rfind("-----BEGIN LATCHKEY REQUEST-----", 0) ==
           0);
    EXPECT(client.install_file("nothing").state() == latchkey::State::invalid);
}

int main() {
    errors_are_thrown();
    refusals_are_states();
    listeners_are_called();
    latchkey::Device device("abc", {{"board", "b-71"}});
    EXPECT(device.fingerprint() == "abc" && device.components().size() == 1);
    return failed > 0 ? 1 : 0;
}
