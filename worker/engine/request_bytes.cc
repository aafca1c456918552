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

// Behind the other fields: they may stand in any order.
void begin_field(std::string& bytes, int field, std::size_t text_size) {
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.WriteTag(google::protobuf::internal::WireFormatLite::MakeTag(
      field, google::protobuf::internal::WireFormatLite::WIRETYPE_LENGTH_DELIMITED));
  coded.WriteVarint32(static_cast<google::protobuf::uint32>(text_size));
  coded.Trim();
}

}  // namespace

grpc::ByteBuffer request_bytes(const google::protobuf::MessageLite& rest, int field,
                               const shared_text& text) {
  auto bytes = rest.SerializeAsString();
  if (!text->empty()) begin_field(bytes, field, text->size());
  if (text->size() < long_text) {
    const auto all = slice_of(shared(std::move(bytes) + *text));
    return {&all, 1};
  }
  const std::array<grpc::Slice, 2> pieces{slice_of(shared(std::move(bytes))), slice_of(text)};
  return {pieces.data(), pieces.size()};
}

}  // namespace worker::engine
