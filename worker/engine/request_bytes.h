// A command with its variables, as the bytes of its message. The variables may be megabytes, and a
// message of protobuf would have them twice: as its field, and written out.
#pragma once

#include <google/protobuf/message_lite.h>
#include <grpcpp/support/byte_buffer.h>

#include "worker/engine/types.h"

namespace worker::engine {

// `rest` with `text` in the string field of that number, which `rest` leaves empty. A long text is
// not copied: the bytes keep it until the last copy of them is gone.
grpc::ByteBuffer request_bytes(const google::protobuf::MessageLite& rest, int field,
                               const shared_text& text);

}  // namespace worker::engine
