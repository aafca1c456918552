#include "worker/engine/engine_version.h"

#include "connector/base/number.h"

namespace worker::engine {

namespace {

constexpr int most = 100'000;

}  // namespace

std::optional<engine_version> read_version(std::string_view text) {
  const auto first = text.find('.');
  if (first == std::string_view::npos) return std::nullopt;
  const auto rest = text.substr(first + 1);
  const auto major = connector::integer_in(text.substr(0, first), 0, most);
  const auto minor = connector::integer_in(rest.substr(0, rest.find_first_of(".-+")), 0, most);
  if (!major || !minor) return std::nullopt;
  return engine_version{*major, *minor};
}

}  // namespace worker::engine
