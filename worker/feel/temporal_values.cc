#include "worker/feel/temporal_values.h"

#include <utility>

#include "worker/feel/calendar.h"
#include "worker/feel/date_time.h"
#include "worker/feel/duration.h"
#include "worker/feel/time_of_day.h"

namespace worker::feel {

namespace {

// `use` of the plain value.
template <class Use>
auto visit(const value& of, Use use) {
  switch (of.type()) {
    case kind::date:
      return use(of.as_date());
    case kind::local_time:
      return use(of.as_local_time());
    case kind::time:
      return use(of.as_time());
    case kind::local_date_time:
      return use(of.as_local_date_time());
    case kind::date_time:
      return use(of.as_date_time());
    case kind::days_time_duration:
      return use(of.as_days_time_duration());
    default:
      return use(of.as_years_months_duration());
  }
}

template <class Kinds>
value from(std::optional<Kinds> parsed) {
  if (!parsed) return {};
  return std::visit([](auto&& plain) { return value(std::move(plain)); }, std::move(*parsed));
}

struct property_value {
  value operator()(std::monostate) const { return {}; }
  value operator()(std::int64_t whole) const { return number(whole); }
  value operator()(const days_time_duration& offset) const { return offset; }
  value operator()(std::string_view text) const { return std::string(text); }
};

}  // namespace

bool is_temporal(kind type) { return type >= kind::date && type <= kind::years_months_duration; }

value temporal_literal(std::string_view name, std::string_view text) {
  if (name == "@") return from(parse_temporal(text));
  if (name == "duration") return from(parse_duration(text, text_form::literal));
  if (name == "time") return from(parse_time(text));
  if (name == "date and time") return from(parse_date_time(text, text_form::literal));
  const auto day = parse_date(text);
  return day ? value(*day) : value();
}

std::string temporal_text(const value& of) {
  return visit(of, [](const auto& plain) { return to_text(plain); });
}

std::string temporal_json_text(const value& of) {
  return visit(of, [](const auto& plain) { return to_json_text(plain); });
}

std::string temporal_iso_text(const value& of) {
  switch (of.type()) {
    case kind::time:
      return to_iso_text(of.as_time());
    case kind::date_time:
      return to_iso_text(of.as_date_time());
    default:
      return temporal_json_text(of);
  }
}

std::optional<value> temporal_property(const value& of, std::string_view name) {
  const auto found = visit(of, [name](const auto& plain) { return property_of(plain, name); });
  if (!found) return std::nullopt;
  return std::visit(property_value(), *found);
}

}  // namespace worker::feel
