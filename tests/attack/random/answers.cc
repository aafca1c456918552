// What functions of the random attack answer: good answers in every dress, refusals, failures that
// tell secrets, and broken wires.
#include <fmt/format.h>

#include <boost/crc.hpp>
#include <chrono>

#include "tests/attack/random/plan.h"
#include "tests/sandbox/lambda/wire.h"

namespace attack {
namespace {

namespace wire = sandbox::wire;
using sandbox::answer;
using sandbox::wire_script;
using std::chrono::milliseconds;
using headers = std::vector<std::pair<std::string, std::string>>;

constexpr std::uint64_t of_bodies = 3;
constexpr std::uint64_t of_answers = 4;

std::string chunked(dice& from, const std::string& body) {
  std::string out;
  for (std::size_t at = 0; at < body.size();) {
    const auto count = std::min(body.size() - at, 1 + from.below(from.chance(50) ? 9 : 4000));
    out += fmt::format("{:x}{}\r\n", count, from.chance(10) ? ";extension=\"x\"" : "");
    out.append(body, at, count);
    out += "\r\n";
    at += count;
  }
  return out + (from.chance(20) ? "0\r\nX-Trailer: a\r\n\r\n" : "0\r\n\r\n");
}

// One member of gzip with a stored block: the dress without the compression.
std::string gzip(const std::string& body) {
  const auto little = [](std::uint32_t value, unsigned bytes) {
    std::string out;
    for (unsigned i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8U * i));
    return out;
  };
  boost::crc_32_type sum;
  sum.process_bytes(body.data(), body.size());
  const auto size = static_cast<std::uint32_t>(body.size());
  return std::string("\x1f\x8b\x08\0\0\0\0\0\0\xff", 10) + '\x01' + little(size, 2) +
         little(~size, 2) + body + little(sum.checksum(), 4) + little(size, 4);
}

headers usual(dice& from) {
  static const std::vector<std::string> dates = {
      "Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "yesterday", "",
      "Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 99 Foo 2024 99:99:99 XYZ"};
  headers out = {{"Content-Type", from.chance(80) ? "application/json" : some_text(from, 5)},
                 {"x-amzn-RequestId",
                  from.chance(80) ? "12345678-1234-1234-1234-123456789012" : some_text(from, 30)}};
  if (from.chance(20)) out.emplace_back("Date", from.one_of(dates));
  if (from.chance(20)) out.emplace_back("X-Amz-Executed-Version", some_text(from, 10));
  if (from.chance(10))
    out.emplace_back("X-Amz-Log-Result", from.chance(50) ? some_text(from, 50) : "!!!!");
  if (from.chance(5)) out.emplace_back("X-Many", std::string(from.below(6000), 'h'));
  return out;
}

std::string with_length(dice& from, const std::string& body, const std::string& status = "200 OK") {
  auto all = usual(from);
  all.emplace_back("Content-Length", std::to_string(body.size()));
  return wire::head("HTTP/1.1 " + status, all) + body;
}

// The end a byte at a time, at most a second in all.
wire_script slowly(const std::string& good) {
  const auto fast = good.size() - std::min<std::size_t>(good.size(), 200);
  wire_script out = {wire::send(good.substr(0, fast))};
  for (auto& step : wire::drip(good.substr(fast), milliseconds(2))) out.push_back(std::move(step));
  return out;
}

// A good answer, whole, in one of its dresses.
wire_script dressed(dice& from, const std::string& body) {
  auto all = usual(from);
  switch (from.below(6)) {
    case 0:
      all.emplace_back("Transfer-Encoding", "chunked");
      return {wire::send(wire::head("HTTP/1.1 200 OK", all) + chunked(from, body)), wire::next()};
    case 1:
      all.emplace_back("Connection", "close");
      return {wire::send(wire::head("HTTP/1.0 200 OK", all) + body), wire::close()};
    case 2:
      return slowly(with_length(from, body));
    case 3:
      all.emplace_back("Content-Encoding", "gzip");
      all.emplace_back("Content-Length", std::to_string(gzip(body).size()));
      return {wire::send(wire::head("HTTP/1.1 200 OK", all) + gzip(body)), wire::next()};
    case 4:
      return {wire::send("HTTP/1.1 100 Continue\r\n\r\n" + with_length(from, body)), wire::next()};
    default:
      return {wire::send(with_length(from, body)), from.chance(20) ? wire::reset() : wire::next()};
  }
}

// Bytes that are not one whole answer.
wire_script broken(dice& from, const std::string& body) {
  const auto good = with_length(from, body);
  switch (from.below(14)) {
    case 0:  // the next job must not get it; in one piece, so that it comes before any next request
      return {wire::send(good + with_length(from, R"({"surplus":true})")), wire::next()};
    case 1:
      return {wire::send(good + some_bytes(from, 1 + from.below(300))), wire::next()};
    case 2:
      return {wire::send(good.substr(0, from.below(good.size()))), wire::close()};
    case 3:
      return {wire::send(good.substr(0, from.below(good.size()))), wire::cut()};
    case 4:
      return {wire::send(good.substr(0, from.below(good.size()))), wire::reset()};
    case 5:
      return {wire::send(good.substr(0, from.below(good.size()))), wire::hang()};
    case 6:
      return {wire::send(some_bytes(from, from.below(500))), wire::close()};
    case 7:
      return {wire::send(wire::head("HTTP/1.1 200 OK",
                                    {{"Content-Length", std::to_string(body.size())},
                                     {"Content-Length", std::to_string(body.size() + 1)}}) +
                         body),
              wire::close()};
    case 8:
      return {wire::send(wire::head("HTTP/1.1 200 OK",
                                    {{"Content-Length",
                                      from.chance(50) ? "-1" : "99999999999999999999"}}) +
                         body),
              wire::close()};
    case 9:
      return {
          wire::send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n" +
                     body),
          wire::close()};
    case 10:
      return {wire::send("HTTP/1.1 200 OK\r\n"),
              wire::repeat("X-Header: " + some_text(from, 20) + "\r\n", from.below(4000)),
              wire::close()};
    case 11:
      return {wire::repeat("HTTP/1.1 102 Processing\r\n\r\n", from.below(400)), wire::send(good),
              wire::next()};
    case 12:  // more than was announced, in one piece
      return {wire::send(wire::head("HTTP/1.1 200 OK",
                                    {{"Content-Length", std::to_string(body.size() / 2)}}) +
                         body),
              wire::next()};
    default: {
      auto changed = good;
      for (auto count = 1 + from.below(4); count > 0; --count) {
        changed[from.below(changed.size())] = static_cast<char>(from.next());
      }
      return {wire::send(changed), wire::close()};
    }
  }
}

answer refused(dice& from) {
  static const std::vector<std::pair<int, std::string>> errors = {
      {400, "InvalidParameterValueException"},
      {400, "InvalidRequestContentException"},
      {403, "AccessDeniedException"},
      {403, "InvalidSignatureException"},
      {403, "ExpiredTokenException"},
      {404, "ResourceNotFoundException"},
      {409, "ResourceConflictException"},
      {413, "RequestTooLargeException"},
      {415, "UnsupportedMediaTypeException"},
      {429, "TooManyRequestsException"},
      {500, "ServiceException"},
      {502, "EC2ThrottledException"},
      {502, "SubnetIPAddressLimitReachedException"},
      {503, "ServiceUnavailableException"},
      {504, ""},
      {418, "Teapot"},
      {301, ""},
      {599, "x"}};
  const auto& [status, type] = from.one_of(errors);
  auto out = sandbox::service_error(status, from.chance(80) ? type : some_text(from, 10),
                                    some_text(from, 60));
  // Longer ones would only make the run longer.
  if (from.chance(30)) out.headers.emplace_back("Retry-After", from.chance(70) ? "0" : "1");
  if (from.chance(10)) out.body = hostile_json(from);
  if (from.chance(10)) out.content_type = "text/html";
  return out;
}

// A failure of the function that tells the secret it was given, spelled as programs spell it.
answer failed(dice& from, const plan& job, const std::vector<secret>& secrets) {
  const auto told = [&] {
    return job.asks_secret ? spelled(from, secrets[job.secret].value) : some_text(from, 20);
  };
  const std::string type =
      from.chance(70) ? from.one_of(std::vector<std::string>{"OrderRejected", "Error", "a.b.C"})
      : job.asks_secret && from.chance(30) ? secrets[job.secret].value
                                           : some_text(from, 30);
  auto out =
      sandbox::function_failure(type, "no: " + told() + " " + job.nonce, {told(), "at line 1"});
  out.log = "START\nused " + told() + "\nEND\n";
  if (from.chance(10)) out.body = hostile_json(from);
  return out;
}

// Of a hundred answers so many are good. From the fourth attempt on all are, so that every job
// ends.
constexpr std::size_t whole = 55;
std::size_t kind_of(dice& from, std::uint64_t attempt) { return attempt > 3 ? 0 : from.below(100); }

}  // namespace

bool is_whole(std::uint64_t seed, const plan& job, std::uint64_t attempt) {
  dice from(seed, of_answers + attempt, job.number);
  return kind_of(from, attempt) < whole;
}

std::string good_body(std::uint64_t seed, const plan& job) {
  dice from(seed, of_bodies, job.number);
  return fmt::format(R"({{"nonce":"{}","value":{}}})", job.nonce, some_json(from, 4));
}

answer answer_of(std::uint64_t seed, const plan& job, const std::vector<secret>& secrets,
                 std::uint64_t attempt) {
  dice from(seed, of_answers + attempt, job.number);
  const auto roll = kind_of(from, attempt);
  const auto body = good_body(seed, job);
  auto good = sandbox::json_answer(body);
  if (job.asks_secret && from.chance(30)) {
    good.log = "got " + spelled(from, secrets[job.secret].value) + "\n" + some_text(from, 100);
  }
  if (roll < 35) return good;
  answer out;
  if (roll < whole) {
    out.wire = dressed(from, body);
  } else if (roll < 72) {
    out.wire = broken(from, body);
  } else if (roll < 82) {
    return refused(from);
  } else if (roll < 94) {
    return failed(from, job, secrets);
  } else {
    // No JSON, no UTF-8, empty, deep, large.
    out = good;
    out.body =
        from.chance(20) ? "\"" + std::string(from.below(300'000), 'l') + "\"" : hostile_json(from);
  }
  return out;
}

}  // namespace attack
