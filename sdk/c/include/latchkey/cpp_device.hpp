/**
 * @file cpp_device.hpp
 * @brief The device for C++.
 */
#ifndef LATCHKEY_CPP_DEVICE_HPP
#define LATCHKEY_CPP_DEVICE_HPP

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cpp_error.hpp"
#include "device.h"

namespace latchkey {

/** What an app sends of its device. */
class Device {
  public:
    using Pairs = std::vector<std::pair<std::string, std::string>>;

    /** No device; clients refuse it. */
    Device() : device_(nullptr, latchkey_device_free) {}

    /** The device of this machine. @throws Error when nothing identifies it */
    static Device of_machine(const std::string &product) {
        latchkey_device *device = nullptr;
        latchkey_error *error = nullptr;
        detail::check(latchkey_machine_device(product.c_str(), &device, &error), error);
        return Device(device);
    }

    /** A device from parts of the machine; see latchkey_device_of(). @throws Error when no part identifies it
     */
    static Device of_parts(const std::string &product, const Pairs &parts) {
        latchkey_device *device = nullptr;
        latchkey_error *error = nullptr;
        std::vector<latchkey_pair> pairs = pairs_of(parts);
        detail::check(latchkey_device_of(product.c_str(), pairs.data(), pairs.size(), &device, &error),
                      error);
        return Device(device);
    }

    /** A device with a fingerprint of the app's own. @throws Error for one that cannot be */
    explicit Device(const std::string &fingerprint, const Pairs &components = {})
        : device_(nullptr, latchkey_device_free) {
        latchkey_device *device = nullptr;
        latchkey_error *error = nullptr;
        std::vector<latchkey_pair> pairs = pairs_of(components);
        detail::check(latchkey_device_new(fingerprint.c_str(), pairs.data(), pairs.size(), &device, &error),
                      error);
        device_.reset(device);
    }

    std::string fingerprint() const {
        return latchkey_device_fingerprint(device_.get());
    }

    Pairs components() const {
        Pairs all;
        for (std::size_t index = 0; index < latchkey_device_component_count(device_.get()); index++) {
            latchkey_pair pair = latchkey_device_component(device_.get(), index);
            all.emplace_back(pair.name, pair.value);
        }
        return all;
    }

    const latchkey_device *get() const noexcept {
        return device_.get();
    }

  private:
    explicit Device(latchkey_device *device) : device_(device, latchkey_device_free) {}

    static std::vector<latchkey_pair> pairs_of(const Pairs &pairs) {
        std::vector<latchkey_pair> result;
        for (const auto &[name, value] : pairs) result.push_back({name.c_str(), value.c_str()});
        return result;
    }

    std::unique_ptr<latchkey_device, decltype(&latchkey_device_free)> device_;
};

} // namespace latchkey

#endif
