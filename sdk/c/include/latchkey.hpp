/**
 * @file latchkey.hpp
 * @brief Latchkey for C++17: the functions of latchkey.h as classes that free what they hold, with exceptions
 * for errors.
 *
 * Header only: link the C library. Clients may be used by several threads at once.
 */
#ifndef LATCHKEY_HPP
#define LATCHKEY_HPP

#include "latchkey/cpp_device.hpp"
#include "latchkey/cpp_error.hpp"
#include "latchkey/cpp_options.hpp"
#include "latchkey/cpp_status.hpp"
#include "latchkey/cpp_client.hpp"

#endif
