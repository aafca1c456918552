// Credentials that a program prints (credential_process). Only the operator's files name programs.
// Source: "Process credential provider" of the AWS SDKs and Tools Reference Guide.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "connector/aws/credentials/shared_config/child_environment.h"
#include "connector/aws/credentials/source.h"

namespace connector::aws {

struct process_limits {
  std::chrono::milliseconds time{20'000};
  std::size_t bytes = 64 * 1024;
};

// `name` is for people: "credential_process of profile 'x' (FILE line 3)". The program gets our
// environment without our secrets: keys and tokens of AWS, and what `hidden` names. Loop's thread.
std::unique_ptr<credentials_source> make_process_source(secret_string command, std::string name,
                                                        hidden_variables hidden = {},
                                                        process_limits bounds = {});

// Reads the program's output: JSON with Version 1. Pure; no message repeats a part of it.
fetched read_process_credentials(std::string_view output, const std::string& name);

}  // namespace connector::aws
