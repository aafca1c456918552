// Log lines: one JSON object per line (for machines) or text (for a terminal) on stdout, written by
// a thread of its own, so that a blocked stdout never stops a job: lines are dropped and counted.
// Every line passes the redaction set here. Never log payloads. Any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>

#include "connector/base/log_level.h"

namespace connector::log {

// Once at start; before it, lines go nowhere.
void set_up(level least, format how);

// Applied to message and field values of every line, e.g. to mask secret values. Set before
// threads start or from the loop's thread; `redact` must be thread safe.
void set_redaction(std::function<std::string(std::string)> redact);

bool enabled(level at);

struct field {
  std::string_view name;  // camelCase, as the engine writes: jobKey, requestId
  std::string value;      // empty: the field is left out
};

void write(level at, std::string_view message, std::initializer_list<field> fields = {});

inline void debug(std::string_view message, std::initializer_list<field> fields = {}) {
  write(level::debug, message, fields);
}
inline void info(std::string_view message, std::initializer_list<field> fields = {}) {
  write(level::info, message, fields);
}
inline void warning(std::string_view message, std::initializer_list<field> fields = {}) {
  write(level::warning, message, fields);
}
inline void error(std::string_view message, std::initializer_list<field> fields = {}) {
  write(level::error, message, fields);
}

// Lines that were not written: stdout was closed, or its reader was too slow. When it takes lines
// again, a line of the log says how many there were.
std::uint64_t dropped_lines();

// Writes out what is queued, waiting at most a second, and stops the thread.
void shut_down();

}  // namespace connector::log
