#include "tests/bench/counts.h"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <stdexcept>
#include <utility>

namespace bench {

namespace {

constexpr std::pair<const char*, std::uint64_t counts::*> members[] = {
    {"completed", &counts::completed}, {"incidents", &counts::incidents},
    {"fails", &counts::fails},         {"handBacks", &counts::hand_backs},
    {"expired", &counts::expired},     {"activated", &counts::activated},
    {"polled", &counts::polled},       {"pushed", &counts::pushed},
    {"polls", &counts::polls},         {"connections", &counts::connections},
    {"requests", &counts::requests},   {"streams", &counts::streams},
    {"throttled", &counts::throttled},
};

}  // namespace

std::string to_line(const counts& from) {
  boost::json::object out{{"at", from.at.count()}};
  for (const auto& [name, member] : members) out[name] = from.*member;
  return boost::json::serialize(out);
}

counts counts_of(const std::string& line) {
  boost::system::error_code failed;
  const auto parsed = boost::json::parse(line, failed);
  const auto* object = failed ? nullptr : parsed.if_object();
  if (object == nullptr || !object->contains("at")) {
    throw std::runtime_error("the stand-ins answered '" + line + "'");
  }
  counts out;
  out.at = std::chrono::nanoseconds(object->at("at").to_number<std::int64_t>());
  for (const auto& [name, member] : members) {
    out.*member = object->at(name).to_number<std::uint64_t>();
  }
  return out;
}

}  // namespace bench
