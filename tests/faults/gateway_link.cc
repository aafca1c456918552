#include "tests/faults/gateway_link.h"

namespace faults {

gateway_link::gateway_link(journey::environment_variables extra,
                           journey::test_environment_options options) {
  options.start_worker = false;
  env_ = std::make_unique<journey::test_environment>(options);
  link_ = std::make_unique<sandbox::fault_proxy>(env_->engine().port());
  extra["CAMUNDA_GRPC_ADDRESS"] = "http://127.0.0.1:" + std::to_string(link_->port());
  env_->start_worker(std::move(extra));
}

gateway_link::~gateway_link() { env_->worker().stop_now(); }

}  // namespace faults
