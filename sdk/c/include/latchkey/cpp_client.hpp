/**
 * @file cpp_client.hpp
 * @brief The client for C++.
 */
#ifndef LATCHKEY_CPP_CLIENT_HPP
#define LATCHKEY_CPP_CLIENT_HPP

#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "client.h"
#include "cpp_options.hpp"
#include "cpp_status.hpp"
#include "usage.h"

namespace latchkey {

/** Whether there is a newer release. */
struct Update {
    bool available;
    bool is_mandatory;
    std::optional<std::string> latest_version;
    std::optional<std::string> download_url;
    std::optional<std::string> release_notes;
};

/** A session of a concurrent user. */
struct Session {
    std::string id;
    /** Milliseconds since 1970. */
    std::int64_t expires_at;
    std::int64_t active_sessions;
    std::int64_t max_users;
};

/** A meter after a call. */
struct Meter {
    std::string id;
    double used;
    double reserved;
    std::optional<double> limit;
    std::optional<double> remaining;
    std::optional<std::string> reservation;
    /** Milliseconds since 1970. */
    std::optional<std::int64_t> expires_at;
};

/** The license of an app on this device. All calls throw ::latchkey::Error. The destructor stops it. */
class Client {
  public:
    /** @throws Error with INVALID_OPTIONS */
    explicit Client(const Options &options) : client_(nullptr, latchkey_client_free) {
        detail::with_options(options, [this](const latchkey_options &given) {
            latchkey_client *client = nullptr;
            latchkey_error *error = nullptr;
            detail::check(latchkey_client_new(&given, &client, &error), error);
            client_.reset(client);
        });
    }

    /** The state by what is kept on the device; refreshing begins in a thread. */
    Status start() {
        return status_of(latchkey_client_start);
    }
    /** Ends refreshing, and requests that other threads wait for. */
    void stop() noexcept {
        latchkey_client_stop(get());
    }
    Status status() {
        return status_of(latchkey_client_status);
    }
    /** Asks the server; does not throw because of the network. */
    Status refresh() {
        return status_of(latchkey_client_refresh);
    }
    /** Refusals about the license are states; others are thrown. */
    Status activate(const std::string &typed) {
        return status_of(latchkey_client_activate, typed.c_str());
    }
    Status deactivate() {
        return status_of(latchkey_client_deactivate);
    }
    /** Gives the device back without a network. @return the removal code */
    std::string deactivate_offline() {
        return text_of(latchkey_client_deactivate_offline);
    }
    /** @param ttl seconds; 0: as long as the license allows */
    Status check_out(std::int64_t ttl = 0, bool encrypt = false) {
        return status_of(latchkey_client_check_out, ttl, encrypt ? 1 : 0);
    }
    Status check_in() {
        return status_of(latchkey_client_check_in);
    }
    /** Takes a license file that was carried in; a refused one is a state. */
    Status install_file(const std::string &text,
                        const std::optional<std::string> &license_key = std::nullopt) {
        return status_of(latchkey_client_install_file, text.c_str(),
                         license_key ? license_key->c_str() : nullptr);
    }
    Status install_status_list(const std::string &list) {
        return status_of(latchkey_client_install_status_list, list.c_str());
    }
    /** The text of a request for a license file. */
    std::string offline_request(const std::string &typed, bool encrypt = false) {
        return text_of(latchkey_client_offline_request, typed.c_str(), encrypt ? 1 : 0);
    }

    /** Calls with each new state, by the thread whose call brought it; what it throws ends the program. */
    std::uint64_t on_change(std::function<void(const Status &)> listener) {
        std::lock_guard<std::mutex> guard(mutex_);
        listeners_.push_back(std::move(listener));
        return latchkey_client_on_change(get(), &Client::hear, &listeners_.back());
    }
    void remove_listener(std::uint64_t number) noexcept {
        latchkey_client_remove_listener(get(), number);
    }

    Update check_for_update() {
        auto update = made<latchkey_update>(latchkey_client_check_for_update, latchkey_update_free);
        return {update->available != 0, update->is_mandatory != 0,
                detail::text_or_none(update->latest_version), detail::text_or_none(update->download_url),
                detail::text_or_none(update->release_notes)};
    }

    /** Starts a session, which is renewed until it is ended. */
    Session start_seat() {
        auto session = made<latchkey_session>(latchkey_client_seats_start, latchkey_session_free);
        return {session->id, session->expires_at, session->active_sessions, session->max_users};
    }
    void end_seat() {
        latchkey_error *error = nullptr;
        detail::check(latchkey_client_seats_end(get(), &error), error);
    }

    Meter increment_usage(const std::string &meter, std::int64_t amount = 1) {
        return meter_of(latchkey_client_usage_increment, meter.c_str(), amount);
    }
    Meter reserve_usage(const std::string &meter, std::int64_t amount = 1, std::int64_t ttl = 60) {
        return meter_of(latchkey_client_usage_reserve, meter.c_str(), amount, ttl);
    }
    Meter commit_usage(const std::string &reservation, std::optional<std::int64_t> amount = std::nullopt) {
        return meter_of(latchkey_client_usage_commit, reservation.c_str(), amount.value_or(LATCHKEY_ALL));
    }
    Meter release_usage(const std::string &reservation) {
        return meter_of(latchkey_client_usage_release, reservation.c_str());
    }

    latchkey_client *get() const noexcept {
        return client_.get();
    }

  private:
    template <typename Made, typename Call, typename Free, typename... Arguments>
    std::unique_ptr<Made, Free> made(Call call, Free free, Arguments... arguments) {
        Made *result = nullptr;
        latchkey_error *error = nullptr;
        detail::check(call(get(), arguments..., &result, &error), error);
        return std::unique_ptr<Made, Free>(result, free);
    }

    template <typename Call, typename... Arguments> Status status_of(Call call, Arguments... arguments) {
        return Status(made<latchkey_status>(call, latchkey_status_free, arguments...).release());
    }

    template <typename Call, typename... Arguments> std::string text_of(Call call, Arguments... arguments) {
        return made<char>(call, latchkey_free, arguments...).get();
    }

    template <typename Call, typename... Arguments> Meter meter_of(Call call, Arguments... arguments) {
        auto after = made<latchkey_meter>(call, latchkey_meter_free, arguments...);
        Meter meter{after->id, after->used, after->reserved, {}, {}, detail::text_or_none(after->reservation),
                    {}};
        if (after->has_limit) meter.limit = after->limit;
        if (after->has_limit) meter.remaining = after->remaining;
        meter.expires_at = detail::number_or_none(after->expires_at, LATCHKEY_NONE);
        return meter;
    }

    static void hear(void *context, const latchkey_status *status) noexcept {
        // The status belongs to the library: the listener gets one that does not free it.
        auto *given = const_cast<latchkey_status *>(status);
        (*static_cast<std::function<void(const Status &)> *>(context))(Status(given, Status::borrowed));
    }

    std::mutex mutex_;
    /** Addresses of its elements stay the same. Before the client, which calls them until it is freed. */
    std::list<std::function<void(const Status &)>> listeners_;
    std::unique_ptr<latchkey_client, decltype(&latchkey_client_free)> client_;
};

} // namespace latchkey

#endif
