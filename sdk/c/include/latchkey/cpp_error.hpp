/**
 * @file cpp_error.hpp
 * @brief Errors of the library as an exception.
 */
#ifndef LATCHKEY_CPP_ERROR_HPP
#define LATCHKEY_CPP_ERROR_HPP

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

#include "result.h"

namespace latchkey {

/** What went wrong: a refusal of the server, or a failure to reach it. */
class Error : public std::runtime_error {
  public:
    /** Copies an error; it stays the caller's. */
    explicit Error(const latchkey_error *error)
        : std::runtime_error(latchkey_error_message(error)), result_(latchkey_error_result(error)),
          code_(latchkey_error_code(error)), details_(latchkey_error_details(error)),
          status_(latchkey_error_status(error)) {
        if (const char *id = latchkey_error_request_id(error)) request_id_ = id;
        double seconds = latchkey_error_retry_after(error);
        if (seconds >= 0) retry_after_ = seconds;
    }

    latchkey_result result() const noexcept {
        return result_;
    }
    /** The server's code, such as "ACTIVATION_LIMIT_REACHED", or one of the library's. */
    const std::string &code() const noexcept {
        return code_;
    }
    /** Facts of the code as a JSON object. */
    const std::string &details() const noexcept {
        return details_;
    }
    /** The HTTP status; 0 when the server was not reached or not asked. */
    int status() const noexcept {
        return status_;
    }
    /** The id by which the vendor finds the request in the server's log. */
    const std::optional<std::string> &request_id() const noexcept {
        return request_id_;
    }
    /** Seconds after which to try again, as the server says. */
    const std::optional<double> &retry_after() const noexcept {
        return retry_after_;
    }

  private:
    latchkey_result result_;
    std::string code_;
    std::string details_;
    int status_;
    std::optional<std::string> request_id_;
    std::optional<double> retry_after_;
};

namespace detail {

/** Throws what a call returned, unless it is success. Frees it. By reference: the call may be evaluated later. */
inline void check(latchkey_result result, latchkey_error *&error) {
    if (result == LATCHKEY_OK) return;
    std::unique_ptr<latchkey_error, decltype(&latchkey_error_free)> owned(error, latchkey_error_free);
    throw Error(error);
}

inline std::optional<std::string> text_or_none(const char *text) {
    return text ? std::optional<std::string>(text) : std::nullopt;
}

inline std::optional<std::int64_t> number_or_none(std::int64_t number, std::int64_t none) {
    return number == none ? std::nullopt : std::optional<std::int64_t>(number);
}

} // namespace detail
} // namespace latchkey

#endif
