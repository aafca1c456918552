// The canonical request of any target and headers: six parts, each in a form that is final.
#include "connector/aws/canonical_request.h"

#include <algorithm>

#include "connector/base/percent.h"
#include "tests/fuzz/target.h"

namespace fuzz {

namespace {

namespace aws = connector::aws;

std::string look_at_path(std::string_view path) {
  const auto canonical = aws::canonical_path(path);
  if (!canonical.starts_with('/')) return "a path that does not begin with a slash";
  if (canonical.find("//") != std::string::npos) return "a doubled slash stayed";
  if ((canonical + '/').find("/../") != std::string::npos) return "a way up stayed";
  if ((canonical + '/').find("/./") != std::string::npos) return "a dot segment stayed";
  return {};
}

std::string look_at_query(std::string_view query) {
  const auto canonical = aws::canonical_query(query);
  if (aws::canonical_query(canonical) != canonical) return "a query that is not final";
  return {};
}

// First line: the target. Then "name:value" lines, as many as there are.
connector::http::headers fields_of(std::string_view& input) {
  connector::http::headers fields{{"Host", "localhost"}};
  const auto line = std::min(input.find('\n'), input.size());
  std::string_view rest = input.substr(std::min(line + 1, input.size()));
  input = input.substr(0, line);
  while (!rest.empty()) {
    const auto end = std::min(rest.find('\n'), rest.size());
    const auto field = rest.substr(0, end);
    const auto colon = std::min(field.find(':'), field.size());
    fields.emplace_back(field.substr(0, colon), field.substr(std::min(colon + 1, field.size())));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return fields;
}

std::string run_canonical_request(std::string_view input) {
  const auto fields = fields_of(input);
  const auto mark = std::min(input.find('?'), input.size());
  if (auto wrong = look_at_path(input.substr(0, mark)); !wrong.empty()) return wrong;
  if (auto wrong = look_at_query(input.substr(std::min(mark + 1, input.size()))); !wrong.empty()) {
    return wrong;
  }
  const auto block = aws::canonical_headers(fields);
  const auto lines = std::count(block.lines.begin(), block.lines.end(), '\n');
  const auto names = std::count(block.names.begin(), block.names.end(), ';') + 1;
  std::ptrdiff_t semicolons = 0;  // those that came in a name are not separators
  for (const auto& [name, value] : fields) semicolons += std::count(name.begin(), name.end(), ';');
  if (semicolons == 0 && lines != names) return "not one line for each name";
  const auto whole = aws::canonical_request("POST", input, block, "hash");
  const auto breaks = std::count(whole.begin(), whole.end(), '\n');
  if (breaks != 5 + lines) return "a line break came through from outside";
  return {};
}

}  // namespace

target canonical_request() {
  return {"CanonicalRequest",
          run_canonical_request,
          {"/2015-03-31/functions/f/invocations?Qualifier=1\nX-Amz-Date:20150830T123600Z\n",
           "/a/./b/../c//d?b=2&a=1&a=0&=x&y\nMy-Header:  a   b \nmy-header:c",
           "/%E1%88%B4?%E1%88%B4=bar", "/../../..", "", "?", "/arn%3Aaws?x=%zz&+=%20"},
          {"/", "..", "/../", "?", "&", "=", "%", "%2e", "%2F", "\n", ":", " ", "\t", "\r", "X:"}};
}

}  // namespace fuzz
