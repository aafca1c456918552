// printf into a string, for the lines that people read.
#pragma once

#include <cstdarg>
#include <cstdio>
#include <string>

namespace bench {

[[gnu::format(printf, 1, 2)]] inline std::string text(const char* format, ...) {
  char line[256];
  va_list values;
  va_start(values, format);
  std::vsnprintf(line, sizeof line, format, values);
  va_end(values);
  return line;
}

}  // namespace bench
