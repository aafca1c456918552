// A message together with whether it could be read. gRPC's own reading of protobuf makes a message
// that cannot be parsed look like the end of a stream whose status is OK, so an answer full of jobs
// would count as an empty one.
#pragma once

#include <grpcpp/grpcpp.h>
#include <grpcpp/support/proto_buffer_reader.h>

namespace worker::engine {

enum class reading {
  nothing,     // no message arrived
  whole,       // the message was read
  compressed,  // not unpacked: this client announces that it takes no compression
  garbled,     // the bytes are not a message of this type
};

template <class Message>
struct readable {
  Message message;
  reading how = reading::nothing;
};

namespace detail {

class response_bytes final : public grpc::ProtoBufferReader {
 public:
  using grpc::ProtoBufferReader::ProtoBufferReader;

  // To be checked first: compressed bytes may by chance parse as a message of unknown fields.
  bool compressed() {
    const auto& raw = reader()->buffer_in->data.raw;
    return raw.compression != GRPC_COMPRESS_NONE;
  }
};

template <class Message>
reading read_message(grpc::ByteBuffer& from, Message& into) {
  response_bytes bytes(&from);
  if (!bytes.status().ok()) return reading::garbled;
  if (bytes.compressed()) return reading::compressed;
  return into.ParseFromZeroCopyStream(&bytes) ? reading::whole : reading::garbled;
}

}  // namespace detail

}  // namespace worker::engine

namespace grpc {

// Never an error for gRPC: the value itself says whether the message was read.
template <class Message>
class SerializationTraits<worker::engine::readable<Message>, void> {
 public:
  static Status Deserialize(ByteBuffer* from, worker::engine::readable<Message>* into) {
    into->how = worker::engine::detail::read_message(*from, into->message);
    from->Clear();
    return Status::OK;
  }
};

}  // namespace grpc
