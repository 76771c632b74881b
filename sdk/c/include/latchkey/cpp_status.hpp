/**
 * @file cpp_status.hpp
 * @brief The status of a license for C++.
 */
#ifndef LATCHKEY_CPP_STATUS_HPP
#define LATCHKEY_CPP_STATUS_HPP

#include <memory>
#include <optional>
#include <string>

#include "cpp_error.hpp"
#include "status.h"

namespace latchkey {

/** The states, by shorter names. */
enum class State {
    valid = LATCHKEY_STATE_VALID,
    grace = LATCHKEY_STATE_GRACE,
    offline_grace = LATCHKEY_STATE_OFFLINE_GRACE,
    expired = LATCHKEY_STATE_EXPIRED,
    disabled = LATCHKEY_STATE_DISABLED,
    not_activated = LATCHKEY_STATE_NOT_ACTIVATED,
    limit_reached = LATCHKEY_STATE_LIMIT_REACHED,
    revoked = LATCHKEY_STATE_REVOKED,
    wrong_machine = LATCHKEY_STATE_WRONG_MACHINE,
    version_not_entitled = LATCHKEY_STATE_VERSION_NOT_ENTITLED,
    clock_tampered = LATCHKEY_STATE_CLOCK_TAMPERED,
    invalid = LATCHKEY_STATE_INVALID,
};

/** The name of a state, such as "offline_grace". */
inline std::string name_of(State state) {
    return latchkey_state_name(static_cast<latchkey_state>(state));
}

/** What is known of the license at one moment. Copies share it. */
class Status {
  public:
    /** Takes a status of the C library, which is freed with the last copy. */
    explicit Status(latchkey_status *status) : status_(status, latchkey_status_free) {}

    struct Borrowed {};
    static constexpr Borrowed borrowed{};
    /** A status that is not freed, and lives no longer than the call of a listener. */
    Status(latchkey_status *status, Borrowed) : status_(status, [](latchkey_status *) {}) {}

    State state() const {
        return static_cast<State>(latchkey_status_state(get()));
    }
    /** Whether the app may run. */
    bool usable() const {
        return latchkey_status_usable(get()) != 0;
    }
    /** Why, a sentence for logs. */
    std::string reason() const {
        return latchkey_status_reason(get());
    }
    /** The server's code of the last validation or refusal. */
    std::optional<std::string> code() const {
        return detail::text_or_none(latchkey_status_code(get()));
    }
    /** Whether the license is usable and has the entitlement. */
    bool has_entitlement(const std::string &name) const {
        return latchkey_status_has_entitlement(get(), name.c_str()) != 0;
    }
    double entitlement_number(const std::string &name, double otherwise = 0) const {
        return latchkey_status_entitlement_number(get(), name.c_str(), otherwise);
    }
    std::optional<std::string> entitlement_text(const std::string &name) const {
        return detail::text_or_none(latchkey_status_entitlement_text(get(), name.c_str()));
    }
    std::optional<std::int64_t> max_users() const {
        return number(latchkey_status_max_users(get()));
    }
    /** Last day, inclusive, YYYY-MM-DD. */
    std::optional<std::string> license_ends() const {
        return detail::text_or_none(latchkey_status_license_ends(get()));
    }
    std::optional<std::string> grace_ends() const {
        return detail::text_or_none(latchkey_status_grace_ends(get()));
    }
    /** Seconds since 1970. */
    std::optional<std::int64_t> file_ends() const {
        return number(latchkey_status_file_ends(get()));
    }
    std::optional<std::int64_t> checked_at() const {
        return number(latchkey_status_checked_at(get()));
    }
    /** Claims of the license file as JSON. */
    std::optional<std::string> file() const {
        return detail::text_or_none(latchkey_status_file(get()));
    }
    /** Why the server's answer is not known, or what it refused last. */
    std::optional<Error> error() const {
        const latchkey_error *error = latchkey_status_error(get());
        return error ? std::optional<Error>(Error(error)) : std::nullopt;
    }
    /** Why the license is kept in memory alone. */
    std::optional<std::string> storage_error() const {
        return detail::text_or_none(latchkey_status_storage_error(get()));
    }
    /** All of it as JSON. */
    std::string json() const {
        return latchkey_status_json(get());
    }

    const latchkey_status *get() const noexcept {
        return status_.get();
    }

  private:
    static std::optional<std::int64_t> number(std::int64_t value) {
        return detail::number_or_none(value, LATCHKEY_NONE);
    }

    std::shared_ptr<latchkey_status> status_;
};

} // namespace latchkey

#endif
