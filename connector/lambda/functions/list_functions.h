// The operation `list`, page by page. Pure. Source: Lambda API reference, ListFunctions.
#pragma once

#include <memory>
#include <vector>

#include "connector/base/result.h"
#include "connector/connector.h"
#include "connector/lambda/operation_call.h"
#include "connector/lambda/settings.h"

namespace connector::lambda {

// `what` without its inputs. With `all` pages are followed while what they gave fits into
// settings::list_bytes; then nextMarker says where to go on. The first page is always given.
result<std::unique_ptr<operation_call>> prepare_list_functions(std::vector<input_value> inputs,
                                                               const call& what,
                                                               const settings& how);

}  // namespace connector::lambda
