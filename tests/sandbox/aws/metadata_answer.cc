#include "tests/sandbox/aws/metadata_answer.h"

#include <array>
#include <ctime>
#include <utility>

namespace sandbox {

std::string iso_time(std::chrono::seconds from_now) {
  const std::time_t at = std::time(nullptr) + static_cast<std::time_t>(from_now.count());
  std::tm utc{};
  gmtime_r(&at, &utc);
  std::array<char, 32> text{};
  const auto size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &utc);
  return {text.data(), size};
}

stand_in_answer with_fault(metadata_fault fault, stand_in_answer good) {
  stand_in_answer bad;
  switch (fault) {
    case metadata_fault::none:
      return good;
    case metadata_fault::slow:
      good.delay = std::chrono::milliseconds(500);
      return good;
    case metadata_fault::hang:
      bad.hang = true;
      break;
    case metadata_fault::close:
      bad.close = true;
      break;
    case metadata_fault::garbage:
      bad.raw = "SSH-2.0-OpenSSH_9.2\r\n\x01\x02\xff\r\n\r\n";
      break;
    case metadata_fault::huge:
      bad.filler = 100'000'000;
      break;
    case metadata_fault::not_json:
      bad.body = "<html><body>sandbox/metadata/secret</body></html>";
      break;
    case metadata_fault::wrong_json:
      bad.body = R"({"accessKeyId":"sandbox/metadata/secret","SecretAccessKey":1,"Token":null})";
      break;
    case metadata_fault::deep_json:
      bad.body = R"({"AccessKeyId":)" + std::string(1000, '[') + std::string(1000, ']') + "}";
      break;
    case metadata_fault::status_500:
      bad.status = 500;
      bad.body = "sandbox/metadata/secret";
      break;
    case metadata_fault::status_429:
      bad.status = 429;
      break;
    case metadata_fault::status_401:
      bad.status = 401;
      break;
    case metadata_fault::status_404:
      bad.status = 404;
      bad.body = "sandbox/metadata/secret";
      break;
  }
  return bad;
}

}  // namespace sandbox
