#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "connector/base/byte_order_mark.h"
#include "connector/base/json.h"
#include "connector/base/json_scan.h"
#include "connector/base/percent.h"
#include "connector/lambda/functions/api_call.h"
#include "connector/lambda/functions/function_configuration.h"
#include "connector/lambda/prepare.h"

namespace connector::lambda {

namespace {

constexpr std::int64_t max_page = 50;  // the service gives no more, whatever is asked for
constexpr int max_pages = 10'000;      // pages may be empty, so their number needs an end
constexpr std::size_t max_marker = 16 * 1024;

struct list_input {
  std::string marker;
  std::int64_t max_items = max_page;
  bool all = false;
  std::vector<std::string> fields;
};

list_input read_list(input_reader& in) {
  list_input out;
  out.marker = in.text("marker");
  out.max_items = in.integer("maxItems").value_or(max_page);
  out.all = in.boolean("all").value_or(false);
  out.fields = in.names("fields");
  const auto known = configuration_fields();
  for (const auto& field : out.fields) {
    if (std::find(known.begin(), known.end(), field) != known.end()) continue;
    if (field == "environment") {
      in.add_error(
          field_error("fields",
                      "environment is not given, its values are secrets; its names are, as "
                      "environmentNames"));
      break;
    }
    in.add_error(unknown_field_error("fields: ", field, {known.begin(), known.end()}));
  }
  const auto usual = default_fields();
  if (out.fields.empty()) out.fields.assign(usual.begin(), usual.end());
  return out;
}

class list_functions_call final : public operation_call {
 public:
  list_functions_call(list_input input, std::size_t max_bytes)
      : input_(std::move(input)), max_bytes_(max_bytes), marker_(input_.marker) {}

  void aim_at(const aws::endpoint& where, const settings& how) {
    path_ = where.base_path + "/2015-03-31/functions";
    request = api_request("GET", where, target(), how);
  }

  result<reading> read(http::response from) override {
    const auto read = json::members(without_mark(from.body));
    if (read.wrong) return not_that_answer(read.wrong->reason);
    const auto given = json::find(read.members, "Functions");
    if (!given || json::kind_of(*given) != json::kind::array) {
      return not_that_answer("it holds no list of functions");
    }
    auto page = functions_of(*given);
    if (!page) return not_that_answer("what it lists are no functions");
    auto next = next_marker(read.members);
    if (!next) return not_that_answer("its marker is not a text of Lambda's length");
    // Looked at before the page is added: the whole must stay below the limit.
    if (pages_ > 0 && functions_.size() + page->size() > max_bytes_) {
      return reading(finished(from, marker_));
    }
    ++pages_;
    if (!functions_.empty() && !page->empty()) functions_ += ',';
    functions_ += *page;
    const bool goes_on = input_.all && !next->empty() && *next != marker_ && pages_ < max_pages;
    if (!goes_on) return reading(finished(from, *next));
    marker_ = *std::move(next);
    request.target = target();
    return reading(further_exchange{});
  }

 private:
  [[nodiscard]] std::string target() const {
    auto out = fmt::format("{}?MaxItems={}", path_, input_.max_items);
    // The marker may hold + / and =.
    if (!marker_.empty()) out += "&Marker=" + percent_encode(marker_);
    return out;
  }

  [[nodiscard]] std::optional<std::string> functions_of(std::string_view list) const {
    std::string out;
    for (const auto element : json::elements(list)) {
      const auto shown = shown_configuration(element, input_.fields, true);
      if (!shown) return std::nullopt;
      if (!out.empty()) out += ',';
      out += *shown;
    }
    return out;
  }

  // Empty: that was all. Nothing: it is not a marker.
  static std::optional<std::string> next_marker(const std::vector<json::member>& members) {
    const auto given = json::find(members, "NextMarker");
    if (!given || *given == "null") return std::string();
    auto text = json::text_of(*given);
    if (text && text->size() > max_marker) return std::nullopt;
    return text;
  }

  answer finished(const http::response& from, const std::string& next) {
    answer out;
    out.variables.push_back({"functions", "[" + std::exchange(functions_, {}) + "]"});
    out.variables.push_back({"nextMarker", next.empty() ? "null" : json::quote(next)});
    if (const auto id = aws::request_id_of(from); !id.empty()) {
      out.details.push_back({"requestId", json::quote(id)});
    }
    return out;
  }

  const list_input input_;
  const std::size_t max_bytes_;
  std::string path_;
  std::string marker_;     // of the page that is asked for
  std::string functions_;  // JSON texts of the pages before, with commas
  int pages_ = 0;
};

}  // namespace

result<std::unique_ptr<operation_call>> prepare_list_functions(std::vector<input_value> inputs,
                                                               const call& asked,
                                                               const settings& how) {
  input_reader in(spec_of(operation_id::list_functions), std::move(inputs));
  auto frame = read_frame(in, default_api_timeout);
  auto list = read_list(in);
  if (frame.who.from == aws::identity::kind::none) in.add_error(unsigned_api_call());
  if (in.first_error()) return *in.first_error();
  auto made = std::make_unique<list_functions_call>(std::move(list), how.list_bytes);
  made->operation = operation_id::list_functions;
  made->effect = side_effect::none;
  auto where = resolve_target(*made, std::move(frame), {}, asked, how);
  if (!where) return where.error();
  made->aim_at(*where, how);
  return std::unique_ptr<operation_call>(std::move(made));
}

}  // namespace connector::lambda
