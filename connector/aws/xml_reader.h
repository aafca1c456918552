// The text of single elements of an XML answer, found by their path. Bounded and without recursion:
// no document type, no entities but the five of XML and character numbers, 32 levels, 10,000
// elements. Enough for the query protocol of STS. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "connector/base/secret.h"

namespace connector::aws {

// "AssumeRoleResponse/AssumeRoleResult/Credentials/AccessKeyId" to its text, blanks at the ends
// taken off, for each element without children. Of several with one path the first counts.
// Prefixes of namespaces are taken off. Secret, because among them are keys.
using xml_texts = std::map<std::string, secret_string, std::less<>>;

// Nothing when `document` is not XML that this reads.
std::optional<xml_texts> read_xml(std::string_view document);

}  // namespace connector::aws
