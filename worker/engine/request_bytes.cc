#include "worker/engine/request_bytes.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/wire_format_lite.h>
#include <grpcpp/support/slice.h>

#include <array>
#include <memory>
#include <utility>

namespace worker::engine {

namespace {

// Below it one piece is cheaper than two.
constexpr std::size_t long_text = 16'384;

// The slice keeps the text.
grpc::Slice slice_of(const shared_text& text) {
  // gRPC's slice has no const form; it writes to none of them.
  auto* const data = const_cast<char*>(text->data());
  auto owner = std::make_unique<shared_text>(text);
  return {data, text->size(), [](void* kept) { delete static_cast<shared_text*>(kept); },
          owner.release()};
}

// Fields may stand in any order.
std::string beginning_of(const google::protobuf::MessageLite& rest, int field,
                         std::size_t text_size) {
  std::string out = rest.SerializeAsString();
  google::protobuf::io::StringOutputStream stream(&out);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.WriteTag(google::protobuf::internal::WireFormatLite::MakeTag(
      field, google::protobuf::internal::WireFormatLite::WIRETYPE_LENGTH_DELIMITED));
  coded.WriteVarint32(static_cast<google::protobuf::uint32>(text_size));
  coded.Trim();
  return out;
}

}  // namespace

grpc::ByteBuffer request_bytes(const google::protobuf::MessageLite& rest, int field,
                               const shared_text& text) {
  if (text->empty()) {
    const auto all = slice_of(shared(rest.SerializeAsString()));
    return {&all, 1};
  }
  auto beginning = beginning_of(rest, field, text->size());
  if (text->size() < long_text) {
    beginning += *text;
    const auto all = slice_of(shared(std::move(beginning)));
    return {&all, 1};
  }
  const std::array<grpc::Slice, 2> pieces{slice_of(shared(std::move(beginning))), slice_of(text)};
  return {pieces.data(), pieces.size()};
}

}  // namespace worker::engine
