#include "connector/http/trust_roots.h"

#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <set>
#include <string_view>
#include <utility>

#include "connector/base/ascii.h"
#include "connector/base/certificates.h"
#include "connector/base/small_file.h"

namespace connector::http {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view begin_mark = "-----BEGIN ";
constexpr std::string_view end_mark = "-----END ";

// Debian and Alpine (OpenSSL's names lie beside the bundle), SUSE, Fedora.
constexpr std::array usual_folders = {"etc/ssl/certs", "var/lib/ca-certificates/openssl",
                                      "etc/pki/tls/certs"};
// Debian, Alpine and Arch; Fedora and its kin, old and new; SUSE; Alpine.
constexpr std::array usual_bundles = {"etc/ssl/certs/ca-certificates.crt",
                                      "etc/pki/tls/certs/ca-bundle.crt",
                                      "etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
                                      "etc/ssl/ca-bundle.pem",
                                      "var/lib/ca-certificates/ca-bundle.pem",
                                      "etc/pki/tls/cacert.pem",
                                      "etc/ssl/cert.pem"};

// "002c0b4f.0": the hash of a subject, and a count.
bool is_hashed_name(const fs::path& file) {
  const std::string name = file.filename();
  constexpr std::size_t hash = 8;
  if (name.size() < hash + 2 || name[hash] != '.') return false;
  const auto is_hex = [](char c) { return ascii::is_digit(c) || (c >= 'a' && c <= 'f'); };
  return std::all_of(name.begin(), name.begin() + hash, is_hex) &&
         std::all_of(name.begin() + hash + 1, name.end(), ascii::is_digit);
}

bool has_hashed_names(const fs::path& folder) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    if (is_hashed_name(entry.path())) return true;
  }
  return false;
}

bool is_file(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}

bool is_folder(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

void add_words(std::string& to, const std::string& words, const char* between) {
  if (!to.empty()) to += between;
  to += words;
}

// SSL_CERT_DIR may name several, as OpenSSL takes them.
std::vector<std::string> split_folders(const std::string& list) {
  std::vector<std::string> all;
  for (std::size_t at = 0; at <= list.size();) {
    const std::size_t end = std::min(list.find(':', at), list.size());
    if (end > at) all.push_back(list.substr(at, end - at));
    at = end + 1;
  }
  return all;
}

class finder {
 public:
  explicit finder(const trust_question& asked) : asked_(asked) {}

  trust_roots run() {
    const char* file_name = X509_get_default_cert_file_env();
    const char* folder_name = X509_get_default_cert_dir_env();
    const std::string file = variable(file_name);
    const std::string folders = variable(folder_name);
    if (!file.empty()) take_file(file_name, file);
    if (!folders.empty()) {
      for (const auto& one : split_folders(folders)) take_folder(folder_name, one);
    } else {
      take_system_folder();
    }
    // A folder is searched when a root is wanted; a bundle of 140 costs 80 ms and 1.3 MB at start.
    if (file.empty() && found_.folders.empty()) take_system_bundle();
    if (found_.source.empty()) {
      add_words(
          found_.issue,
          "this machine has no trusted roots where they are usually kept: install the package "
          "ca-certificates, or name a PEM file in SSL_CERT_FILE",
          "; ");
    }
    return std::move(found_);
  }

 private:
  [[nodiscard]] std::string variable(const char* name) const {
    if (asked_.environment) return asked_.environment(name);
    const char* value = std::getenv(name);
    return value != nullptr ? value : "";
  }

  void take_file(const std::string& name, const std::string& path) {
    if (!is_file(path)) {
      add_words(found_.issue, name + " names " + path + ", which is no file", "; ");
      return;
    }
    found_.file = path;
    add_words(found_.source, name + " (" + path + ")", " and ");
  }

  void take_folder(const std::string& name, const std::string& path) {
    if (!is_folder(path)) {
      add_words(found_.issue, name + " names " + path + ", which is no folder", "; ");
      return;
    }
    if (!has_hashed_names(path)) {
      add_words(found_.issue,
                name + " names " + path +
                    ", which has no certificate under its hashed name (openssl rehash makes them)",
                "; ");
    }
    found_.folders.push_back(path);
    add_words(found_.source, name + " (" + path + ")", " and ");
  }

  void take_system_folder() {
    std::vector<fs::path> places = {asked_.root /
                                    fs::path(X509_get_default_cert_dir()).relative_path()};
    for (const char* one : usual_folders) places.push_back(asked_.root / one);
    for (const auto& one : places) {
      if (!has_hashed_names(one)) continue;
      found_.folders.push_back(one);
      add_words(found_.source, "the system's folder " + one.string(), " and ");
      return;
    }
  }

  void take_system_bundle() {
    for (const char* one : usual_bundles) {
      const fs::path path = asked_.root / one;
      if (!is_file(path)) continue;
      found_.file = path;
      add_words(found_.source, "the system's bundle " + path.string(), " and ");
      return;
    }
  }

  const trust_question& asked_;
  trust_roots found_;
};

// Files of certificates carry comments, and some a key; only the certificates are wanted.
bool is_certificate(std::string_view block) {
  return block.starts_with("-----BEGIN CERTIFICATE-----") ||
         block.starts_with("-----BEGIN TRUSTED CERTIFICATE-----") ||
         block.starts_with("-----BEGIN X509 CERTIFICATE-----");
}

void add_certificates(std::string_view from, std::set<std::string>& seen, std::string& to) {
  for (std::size_t at = from.find(begin_mark); at != std::string_view::npos;
       at = from.find(begin_mark, at)) {
    const std::size_t end = from.find(end_mark, at);
    if (end == std::string_view::npos) return;
    const std::size_t line = std::min(from.find('\n', end), from.size());
    const std::string_view block = from.substr(at, line - at);
    at = line;
    if (!is_certificate(block) || !seen.emplace(block).second) continue;
    to.append(block).append("\n");
  }
}

void add_file(const fs::path& path, std::set<std::string>& seen, trust_pem& to) {
  const file_text read = read_small_file(path, max_of_a_ca_file);
  if (read.result != file_text::state::read) {
    add_words(to.issue, path.string() + ": " + read.reason, "; ");
    return;
  }
  if (to.text.size() + read.text.size() > max_of_a_ca_file) {
    add_words(to.issue, path.string() + ": more than 16 MiB of certificates", "; ");
    return;
  }
  add_certificates(read.text, seen, to.text);
}

}  // namespace

trust_roots system_trust_roots(const trust_question& asked) { return finder(asked).run(); }

trust_pem read_trust_roots(const trust_roots& from) {
  trust_pem out;
  std::set<std::string> seen;
  if (!from.file.empty()) add_file(from.file, seen, out);
  for (const auto& folder : from.folders) {
    std::error_code failed;
    for (const auto& entry : fs::directory_iterator(folder, failed)) {
      if (is_hashed_name(entry.path())) add_file(entry.path(), seen, out);
    }
    if (failed) add_words(out.issue, folder + ": " + failed.message(), "; ");
  }
  if (!out.text.empty()) return out;
  if (!from.issue.empty()) add_words(out.issue, from.issue, "; ");
  if (!from.source.empty()) add_words(out.issue, from.source + " has no certificate", "; ");
  return out;
}

}  // namespace connector::http
