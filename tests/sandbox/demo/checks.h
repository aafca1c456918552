// What a check of one finished job can ask; each answers with what is wrong, in words, or with
// nothing. Plain functions on any thread.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "tests/sandbox/demo/kinds.h"

namespace sandbox::demo {

// The first complaint that is one.
std::string first_of(std::initializer_list<std::string> complaints);

// `text` contains `part`.
std::string has(std::string_view name, std::string_view text, std::string_view part);

// A variable of the process, byte for byte as raw JSON, or a part of it.
std::string variable_is(const finished_job& job, std::string_view name, std::string_view json);
std::string variable_has(const finished_job& job, std::string_view name, std::string_view part);
std::string payload_is(const finished_job& job, std::string_view json);

// What reached the function, byte for byte.
std::string received_is(const finished_job& job, std::string_view payload);

}  // namespace sandbox::demo
