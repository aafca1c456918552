#include "worker/config/yaml_writer.h"

#include <yaml.h>

#include <exception>

namespace worker::config {

namespace {

int append_to(void* into, unsigned char* bytes, std::size_t size) {
  try {
    static_cast<std::string*>(into)->append(reinterpret_cast<const char*>(bytes), size);
  } catch (const std::exception&) {
    return 0;
  }
  return 1;
}

class emitter {
 public:
  emitter() {
    if (yaml_emitter_initialize(&emitter_) == 0) return;
    good_ = true;
    yaml_emitter_set_output(&emitter_, &append_to, &text_);
    yaml_emitter_set_encoding(&emitter_, YAML_UTF8_ENCODING);
    yaml_emitter_set_unicode(&emitter_, 1);
    // No line breaks within a text.
    yaml_emitter_set_width(&emitter_, -1);
  }
  emitter(const emitter&) = delete;
  emitter& operator=(const emitter&) = delete;
  ~emitter() {
    if (emitter_.write_handler != nullptr) yaml_emitter_delete(&emitter_);
  }

  std::optional<std::string> run(const yaml_node& root) {
    yaml_event_t event;
    emit(event, yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING));
    emit(event, yaml_document_start_event_initialize(&event, nullptr, nullptr, nullptr, 1));
    write(root);
    emit(event, yaml_document_end_event_initialize(&event, 1));
    emit(event, yaml_stream_end_event_initialize(&event));
    if (!good_) return std::nullopt;
    return std::move(text_);
  }

 private:
  // The emitter takes the event over, also when it fails.
  void emit(yaml_event_t& event, int made) {
    if (made == 0) good_ = false;
    if (good_) good_ = yaml_emitter_emit(&emitter_, &event) != 0;
  }

  void write(const yaml_node& node) {
    yaml_event_t event;
    switch (node.type) {
      case yaml_node::kind::text:
        return write(node.text, node.quoted);
      case yaml_node::kind::list:
        emit(event, yaml_sequence_start_event_initialize(&event, nullptr, nullptr, 1,
                                                         YAML_BLOCK_SEQUENCE_STYLE));
        for (const auto& item : node.items) write(item);
        return emit(event, yaml_sequence_end_event_initialize(&event));
      case yaml_node::kind::mapping:
        emit(event, yaml_mapping_start_event_initialize(&event, nullptr, nullptr, 1,
                                                        YAML_BLOCK_MAPPING_STYLE));
        for (const auto& member : node.members) {
          write(member.key, false);
          write(member.value);
        }
        return emit(event, yaml_mapping_end_event_initialize(&event));
    }
  }

  // A plain text that could not be read back so is quoted by the emitter.
  void write(const std::string& text, bool quoted) {
    if (!good_) return;
    // Line ends are escapes then, and no blank of theirs depends on the depth.
    const bool in_quotes = quoted || text.find('\n') != std::string::npos;
    const auto style = in_quotes ? YAML_DOUBLE_QUOTED_SCALAR_STYLE : YAML_PLAIN_SCALAR_STYLE;
    yaml_event_t event;
    emit(event, yaml_scalar_event_initialize(&event, nullptr, nullptr,
                                             reinterpret_cast<const unsigned char*>(text.data()),
                                             static_cast<int>(text.size()), 1, 1, style));
  }

  yaml_emitter_t emitter_{};
  bool good_ = false;
  std::string text_;
};

}  // namespace

std::optional<std::string> write_yaml(const yaml_node& root) { return emitter().run(root); }

}  // namespace worker::config
