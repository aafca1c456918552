#include "tests/faults/gateway_link.h"

namespace faults {

gateway_link::gateway_link(journey::environment extra, journey::world_options options) {
  options.start_worker = false;
  all_ = std::make_unique<journey::world>(options);
  link_ = std::make_unique<sandbox::fault_proxy>(all_->engine().port());
  extra["CAMUNDA_GRPC_ADDRESS"] = "http://127.0.0.1:" + std::to_string(link_->port());
  all_->start_worker(std::move(extra));
}

gateway_link::~gateway_link() { all_->worker().stop_now(); }

}  // namespace faults
