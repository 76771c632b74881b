// An app with a license: app [license key]. Its settings are environment variables, which a real app compiles
// in. It runs until its input ends: each empty line asks the server, another is a status list that was carried
// in.
#include <cstdlib>
#include <iostream>
#include <string>

#include <latchkey.hpp>

static std::string setting(const char *name, const char *otherwise = "") {
    const char *value = std::getenv(name);
    return value ? value : otherwise;
}

static void tell(const latchkey::Status &status) {
    std::cout << latchkey::name_of(status.state()) << std::endl;
    if (auto error = status.error()) std::cerr << error->code() << ": " << error->what() << std::endl;
}

int main(int count, char **arguments) {
    try {
        latchkey::Options options;
        options.url = setting("LATCHKEY_URL");
        options.api_key = setting("LATCHKEY_API_KEY");
        options.product = setting("LATCHKEY_PRODUCT");
        options.version = "2.1.0";
        options.released = "2026-02-15";
        options.public_keys_json = setting("LATCHKEY_KEYS");
        options.device = latchkey::Device::of_machine(options.product);
        options.storage_path = setting("LATCHKEY_FILE", "license.json");
        latchkey::Client license(options);
        latchkey::Status status = license.start();
        if (status.state() == latchkey::State::not_activated && count > 1)
            status = license.activate(arguments[1]);
        tell(status);
        for (std::string line; std::getline(std::cin, line);) {
            status = line.empty() ? license.refresh() : license.install_status_list(line);
            tell(status);
        }
        return status.usable() ? 0 : 1;
    } catch (const latchkey::Error &error) {
        std::cerr << error.code() << ": " << error.what() << std::endl;
        return 1;
    }
}
