// Resolves a task as a job does, with sources that answer at once.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <optional>
#include <utility>
#include <vector>

#include "worker/secrets/resolver.h"

namespace tests {

inline connector::result<worker::secrets::resolved_task> resolve_now(
    const worker::secrets::resolver& with, std::vector<worker::secrets::task_value> task,
    worker::secrets::refusing_list refusing = {},
    std::optional<worker::secrets::data_mode> in_data = std::nullopt,
    std::optional<worker::secrets::tenant_scope> scope = std::nullopt) {
  std::optional<connector::result<worker::secrets::resolved_task>> ended;
  boost::asio::io_context loop(1);
  boost::asio::co_spawn(
      loop, with.resolve(std::move(task), std::move(refusing), in_data, std::move(scope)),
      [&ended](std::exception_ptr bug, connector::result<worker::secrets::resolved_task> end) {
        if (bug) std::rethrow_exception(bug);
        ended = std::move(end);
      });
  loop.run();
  return std::move(ended).value();
}

}  // namespace tests
