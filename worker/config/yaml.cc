#include "worker/config/yaml.h"

#include <fmt/format.h>
#include <yaml.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "connector/base/utf8.h"

namespace worker::config {

namespace {

constexpr std::size_t longest_shown = 60;

int line_of(const yaml_mark_t& mark) { return static_cast<int>(mark.line) + 1; }

// Keys are shown in messages: nothing of them may end a line.
std::string shown(std::string_view key) {
  std::string out(connector::cut_utf8(key, longest_shown));
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20 || c == '\x7f') c = '?';
  }
  return out;
}

// A list or mapping that is not complete yet.
struct open_node {
  yaml_node node;
  std::optional<yaml_member> member;  // of a mapping: its key came, its value did not
};

// One run over the events of the parser, which come flat, so that depth costs no stack.
class builder {
 public:
  builder(std::string_view text, const yaml_limits& limits) : limits_(limits) {
    if (yaml_parser_initialize(&parser_) == 0) return;
    ready_ = true;
    yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()),
                                 text.size());
    out_.root.type = yaml_node::kind::mapping;
    out_.root.line = 1;
  }
  builder(const builder&) = delete;
  builder& operator=(const builder&) = delete;
  ~builder() {
    if (ready_) yaml_parser_delete(&parser_);
  }

  yaml_document run() {
    if (!ready_) stop(1, "there is no memory for it");
    while (!done_) {
      yaml_event_t event;
      if (yaml_parser_parse(&parser_, &event) == 0) {
        syntax_error();
        break;
      }
      take(event);
      yaml_event_delete(&event);
    }
    return std::move(out_);
  }

 private:
  void stop(int line, std::string text) {
    out_.issues.push_back({line, std::move(text)});
    done_ = true;
  }

  void syntax_error() {
    // The parser's own words are constants; they never quote the file.
    const std::string problem = parser_.problem == nullptr ? "it cannot be read" : parser_.problem;
    // A value such as *.example.org, written without quotes, is taken for an alias.
    const bool is_alias = problem.find("alphabetic or numeric character") != std::string::npos;
    stop(line_of(parser_.problem_mark),
         "this is no YAML: " + problem +
             (is_alias ? " (values that begin with * or & stand in quotes)" : ""));
  }

  void take(const yaml_event_t& event) {
    const int line = line_of(event.start_mark);
    switch (event.type) {
      case YAML_DOCUMENT_START_EVENT:
        out_.has_content = true;
        if (documents_++ > 0) stop(line, "there must be one document only, without a second ---");
        return;
      case YAML_STREAM_END_EVENT:
        done_ = true;
        return;
      case YAML_ALIAS_EVENT:
        return stop(line, "aliases (*name) are not read here: write the value out");
      case YAML_SCALAR_EVENT: {
        const auto& scalar = event.data.scalar;
        if (is_decorated(scalar.anchor, scalar.tag, line)) return;
        yaml_node node;
        node.line = line;
        node.text.assign(reinterpret_cast<const char*>(scalar.value), scalar.length);
        node.quoted = scalar.style != YAML_PLAIN_SCALAR_STYLE;
        return add(std::move(node));
      }
      case YAML_SEQUENCE_START_EVENT: {
        const auto& start = event.data.sequence_start;
        if (!is_decorated(start.anchor, start.tag, line)) open(yaml_node::kind::list, line);
        return;
      }
      case YAML_MAPPING_START_EVENT: {
        const auto& start = event.data.mapping_start;
        if (!is_decorated(start.anchor, start.tag, line)) open(yaml_node::kind::mapping, line);
        return;
      }
      case YAML_SEQUENCE_END_EVENT:
      case YAML_MAPPING_END_EVENT:
        return close();
      default:
        return;
    }
  }

  bool is_decorated(const unsigned char* anchor, const unsigned char* tag, int line) {
    if (anchor != nullptr)
      stop(line, "anchors (&name) are not read here: write the value out");
    else if (tag != nullptr)
      stop(line, "tags (!type) are not read here");
    return done_;
  }

  bool count(int line) {
    if (++nodes_ <= limits_.nodes) return true;
    stop(line, fmt::format("there are more than {} values", limits_.nodes));
    return false;
  }

  void open(yaml_node::kind type, int line) {
    if (!count(line)) return;
    if (open_.size() >= limits_.depth) {
      return stop(line, fmt::format("it is nested deeper than {} levels", limits_.depth));
    }
    if (wants_key()) return stop(line, "a key must be text");
    open_node next;
    next.node.type = type;
    next.node.line = line;
    open_.push_back(std::move(next));
  }

  void close() {
    yaml_node node = std::move(open_.back().node);
    open_.pop_back();
    place(std::move(node));
  }

  [[nodiscard]] bool wants_key() const {
    return !open_.empty() && open_.back().node.type == yaml_node::kind::mapping &&
           !open_.back().member;
  }

  void add(yaml_node node) {
    if (!count(node.line)) return;
    if (!wants_key()) return place(std::move(node));
    yaml_member member;
    member.line = node.line;
    member.key = std::move(node.text);
    open_.back().member = std::move(member);
  }

  void place(yaml_node node) {
    if (open_.empty()) {
      out_.root = std::move(node);
      return;
    }
    auto& into = open_.back();
    if (into.node.type == yaml_node::kind::list) {
      into.node.items.push_back(std::move(node));
      return;
    }
    yaml_member member = *std::exchange(into.member, std::nullopt);
    const auto same = std::find_if(into.node.members.begin(), into.node.members.end(),
                                   [&](const auto& other) { return other.key == member.key; });
    if (same != into.node.members.end()) {
      out_.issues.push_back({member.line, fmt::format("'{}' stands twice, first in line {}",
                                                      shown(member.key), same->line)});
      return;
    }
    member.value = std::move(node);
    into.node.members.push_back(std::move(member));
  }

  yaml_limits limits_;
  yaml_parser_t parser_{};
  bool ready_ = false;
  bool done_ = false;
  int documents_ = 0;
  std::size_t nodes_ = 0;
  std::vector<open_node> open_;
  yaml_document out_;
};

}  // namespace

bool yaml_node::is_null() const {
  return type == kind::text && !quoted &&
         (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL");
}

yaml_document read_yaml(std::string_view text, const yaml_limits& limits) {
  yaml_document refused;
  refused.root.type = yaml_node::kind::mapping;
  refused.root.line = 1;
  if (text.size() > limits.bytes) {
    refused.issues.push_back({1, fmt::format("it is larger than {} bytes", limits.bytes)});
    return refused;
  }
  if (!connector::is_utf8(text)) {
    refused.issues.push_back({1, "it is not UTF-8"});
    return refused;
  }
  return builder(text, limits).run();
}

}  // namespace worker::config
