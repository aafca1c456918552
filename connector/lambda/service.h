// The service behind the door: the operations of connector/operations.h over a signed HTTP client.
// Calls on the loop's thread; client and credentials must outlive the service, and the service
// every call.
#pragma once

#include <memory>

#include "connector/aws/credentials/provider.h"
#include "connector/connector.h"
#include "connector/http/client.h"
#include "connector/lambda/settings.h"

namespace connector::lambda {

std::unique_ptr<service> make_service(settings how, http::client& client,
                                      aws::credentials_provider& credentials);

}  // namespace connector::lambda
