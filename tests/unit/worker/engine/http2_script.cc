#include "tests/unit/worker/engine/http2_script.h"

namespace worker::engine {

namespace {

constexpr std::size_t preface_size = 24;
constexpr std::size_t head_size = 9;

// Nothing when the client is gone.
std::optional<std::string> exactly(script::peer& client, std::size_t size) {
  std::string out;
  while (out.size() < size) {
    const auto part = client.some_bytes(size - out.size());
    if (part.empty()) return std::nullopt;
    out += part;
  }
  return out;
}

std::uint32_t number(const std::string& bytes, std::size_t from, std::size_t count) {
  std::uint32_t out = 0;
  for (std::size_t i = from; i < from + count; ++i) {
    out = out << 8 | static_cast<std::uint8_t>(bytes.at(i));
  }
  return out;
}

std::optional<http2_frame> next_frame(script::peer& client) {
  const auto head = exactly(client, head_size);
  if (!head) return std::nullopt;
  http2_frame out;
  out.type = static_cast<std::uint8_t>(head->at(3));
  out.flags = static_cast<std::uint8_t>(head->at(4));
  out.stream = number(*head, 5, 4);
  auto payload = exactly(client, number(*head, 0, 3));
  if (!payload) return std::nullopt;
  out.payload = std::move(*payload);
  return out;
}

// A header of HPACK that stands in none of its tables.
std::string literal(std::string_view name, std::string_view value) {
  std::string out(1, '\0');
  for (const auto text : {name, value}) out.append(1, static_cast<char>(text.size())).append(text);
  return out;
}

}  // namespace

std::string bytes_of(const http2_frame& frame) {
  const auto size = static_cast<std::uint32_t>(frame.payload.size());
  std::string out;
  for (const int shift : {16, 8, 0}) out += static_cast<char>(size >> shift & 0xff);
  out += static_cast<char>(frame.type);
  out += static_cast<char>(frame.flags);
  for (const int shift : {24, 16, 8, 0}) out += static_cast<char>(frame.stream >> shift & 0xff);
  return out + frame.payload;
}

void serve_http2(script::peer& client,
                 const std::function<void(script::peer&, std::uint32_t stream)>& on_request) {
  if (!exactly(client, preface_size)) return;
  client.send(bytes_of({http2::settings, 0, 0, ""}));
  while (auto frame = next_frame(client)) {
    const bool answered = (frame->flags & http2::ack) != 0;
    if (frame->type == http2::settings && !answered) {
      client.send(bytes_of({http2::settings, http2::ack, 0, ""}));
    } else if (frame->type == http2::ping && !answered) {
      client.send(bytes_of({http2::ping, http2::ack, 0, frame->payload}));
    } else if (frame->type == http2::headers) {
      on_request(client, frame->stream);
    }
  }
}

void answer_ok(script::peer& client, std::uint32_t stream, const std::string& data) {
  static const std::string head = "\x88" + literal("content-type", "application/grpc");
  client.send(bytes_of({http2::headers, http2::end_headers, stream, head}) +
              (data.empty() ? std::string() : bytes_of({http2::data, 0, stream, data})) +
              bytes_of({http2::headers, http2::end_headers | http2::end_stream, stream,
                        literal("grpc-status", "0")}));
}

void answer_404(script::peer& client, std::uint32_t stream) {
  // 13 in HPACK's static table.
  client.send(bytes_of({http2::headers, http2::end_headers | http2::end_stream, stream, "\x8d"}));
}

}  // namespace worker::engine
