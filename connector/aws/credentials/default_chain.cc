#include "connector/aws/credentials/default_chain.h"

#include <utility>
#include <vector>

#include "connector/aws/credentials/chain.h"
#include "connector/aws/credentials/environment_source.h"
#include "connector/aws/credentials/metadata/container_source.h"
#include "connector/aws/credentials/metadata/imds_source.h"
#include "connector/aws/credentials/shared_config/process_source.h"
#include "connector/aws/credentials/sts/role_sources.h"

namespace connector::aws {

source_makers makers_of(const chain_dependencies& parts) {
  source_dependencies metadata{parts.metadata, parts.deps.look_up, parts.deps.wall_time,
                               parts.deps.now};
  source_makers out;
  out.environment = [look_up = parts.deps.look_up] { return make_environment_source(look_up); };
  out.container = [metadata] { return make_container_source(metadata); };
  out.imds = [metadata, random = parts.random] { return make_imds_source(metadata, random); };
  out.process = [hidden = parts.hidden](secret_string command, std::string name) {
    return make_process_source(std::move(command), std::move(name), hidden);
  };
  return out;
}

std::unique_ptr<credentials_source> make_default_chain(const chain_dependencies& parts) {
  auto makers = makers_of(parts);
  std::vector<std::unique_ptr<credentials_source>> order;
  order.push_back(makers.environment());
  order.push_back(make_web_identity_source(parts.from, parts.deps.look_up, parts.region));
  order.push_back(make_files_source(parts.files, parts.from, parts.region, makers));
  order.push_back(makers.container());
  order.push_back(makers.imds());
  return make_chain(std::move(order));
}

}  // namespace connector::aws
