/**
 * @file cpp_options.hpp
 * @brief What an app tells the library, for C++.
 */
#ifndef LATCHKEY_CPP_OPTIONS_HPP
#define LATCHKEY_CPP_OPTIONS_HPP

#include <functional>
#include <string>
#include <vector>

#include "cpp_device.hpp"
#include "options.h"

namespace latchkey {

/** A public key of the product. */
struct PublicKey {
    std::string kid;
    /** 32 bytes in base64url. */
    std::string x;
};

/** The options of a client; see ::latchkey_options, whose members and defaults these are. */
struct Options {
    std::string url;
    std::string api_key;
    std::string product;
    std::string version;
    /** The day of this release; empty: not known. */
    std::string released;
    std::vector<PublicKey> public_keys;
    /** The same as JSON; empty: none. */
    std::string public_keys_json;
    Device device;
    /** Path of the file in which the license is kept; empty: in memory, or by the callbacks of `more`. */
    std::string storage_path = {};
    std::string device_name = {};
    /** All other members; those that are named above are not read. */
    latchkey_options more = defaults();

    static latchkey_options defaults() {
        latchkey_options options;
        latchkey_options_init(&options, sizeof options);
        return options;
    }
};

namespace detail {

inline const char *text_or_null(const std::string &text) {
    return text.empty() ? nullptr : text.c_str();
}

/** Calls with the options of C; they do not live longer. */
template <typename Call> void with_options(const Options &options, Call call) {
    latchkey_options given = options.more;
    std::vector<latchkey_public_key> keys;
    for (const PublicKey &key : options.public_keys) keys.push_back({key.kid.c_str(), key.x.c_str()});
    given.url = options.url.c_str();
    given.api_key = options.api_key.c_str();
    given.product = options.product.c_str();
    given.version = options.version.c_str();
    given.released = text_or_null(options.released);
    given.public_keys = keys.data();
    given.public_key_count = keys.size();
    given.public_keys_json = text_or_null(options.public_keys_json);
    given.device = options.device.get();
    given.storage_path = text_or_null(options.storage_path);
    given.device_name = text_or_null(options.device_name);
    call(given);
}

} // namespace detail
} // namespace latchkey

#endif
