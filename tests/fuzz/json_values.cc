// Small values: what is quoted reads back as it was, and what is read is what another parser reads.
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "connector/base/base64.h"
#include "connector/base/json.h"
#include "connector/base/json_scan.h"
#include "connector/base/utf8.h"
#include "tests/fuzz/json_seeds.h"
#include "tests/fuzz/number_seeds.h"
#include "tests/fuzz/target.h"

namespace fuzz {

namespace {

namespace json = connector::json;

std::string run_json_values(std::string_view bytes) {
  const auto quoted = json::quote(bytes);
  if (!json::is_json(quoted)) return "a quoted text is no JSON";
  const auto back = json::text_of(quoted);
  if (!back) return "a quoted text does not read back";
  if (*back != connector::repaired_utf8(bytes)) return "a quoted text reads back changed";

  boost::system::error_code failed;
  const auto other = boost::json::parse(bytes, failed);
  const bool is_json = json::is_json(bytes);
  if (const auto text = json::text_of(bytes)) {
    if (!is_json) return "the text of something that is no JSON";
    const auto* same = failed ? nullptr : other.if_string();
    if (same == nullptr || *text != std::string_view(same->data(), same->size())) {
      return "another parser reads another text";
    }
  }
  if (const auto number = json::integer_of(bytes); number && is_json && !failed) {
    const auto* same = other.if_int64();
    if (same != nullptr && *same != *number) return "another parser reads another integer";
  }
  const auto decoded = connector::base64_decode(connector::base64_encode(bytes));
  if (!decoded || *decoded != bytes) return "base64 and back changed something";
  if (const auto raw = connector::base64_decode(bytes)) {
    if (connector::base64_encode(*raw).size() != bytes.size()) return "base64 of another length";
  }
  const auto cut = connector::cut_utf8(*back, 7);
  if (cut.size() > 7 || !connector::is_utf8(cut)) return "a text was cut inside a character";
  return {};
}

}  // namespace

target json_values() {
  target out{"JsonValues", run_json_values, json_seeds(), json_words()};
  add_numbers(out.seeds, "", "");
  return out;
}

}  // namespace fuzz
