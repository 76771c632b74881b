// An app with a license: app [license key]. Its settings are environment variables, which a real app compiles
// in.
#include <cstdlib>
#include <iostream>
#include <string>

#include <latchkey.hpp>

static std::string setting(const char *name, const char *otherwise = "") {
    const char *value = std::getenv(name);
    return value ? value : otherwise;
}

int main(int count, char **arguments) {
    try {
        latchkey::Options options{
            setting("LATCHKEY_URL"),
            setting("LATCHKEY_API_KEY"),
            setting("LATCHKEY_PRODUCT"),
            "2.1.0",
            "2026-02-15",
            {},
            setting("LATCHKEY_KEYS"),
            latchkey::Device::of_machine(setting("LATCHKEY_PRODUCT")),
            setting("LATCHKEY_FILE", "license.json"),
        };
        latchkey::Client license(options);
        latchkey::Status status = license.start();
        if (status.state() == latchkey::State::not_activated && count > 1)
            status = license.activate(arguments[1]);
        std::cout << latchkey::name_of(status.state()) << std::endl;
        if (auto error = status.error()) std::cerr << error->code() << ": " << error->what() << std::endl;
        return status.usable() ? 0 : 1;
    } catch (const latchkey::Error &error) {
        std::cerr << error.code() << ": " << error.what() << std::endl;
        return 1;
    }
}
