#include "tests/unit/sandbox/lambda_client.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <ctime>

#include "tests/sandbox/lambda/canonical.h"
#include "tests/sandbox/lambda/encoding.h"

namespace sandbox::test {

namespace {

std::string amz_date(std::chrono::system_clock::time_point at) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(at);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[32];
  return {text, std::strftime(text, sizeof text, "%Y%m%dT%H%M%SZ", &parts)};
}

void trust(SSL_CTX* context, const std::string& pem) {
  BIO* memory = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  X509* root = PEM_read_bio_X509(memory, nullptr, nullptr, nullptr);
  X509_STORE_add_cert(SSL_CTX_get_cert_store(context), root);
  X509_free(root);
  BIO_free(memory);
}

}  // namespace

std::string response::header(std::string_view name) const {
  for (std::size_t at = head.find("\r\n"); at != std::string::npos; at = head.find("\r\n", at)) {
    at += 2;
    const std::size_t end = std::min(head.find("\r\n", at), head.size());
    const std::size_t colon = head.find(':', at);
    if (colon >= end) continue;
    if (equals_ignoring_case(std::string_view(head).substr(at, colon - at), name)) {
      return head.substr(colon + 2, end - colon - 2);
    }
  }
  return {};
}

client::client(std::uint16_t port) {
  std::signal(SIGPIPE, SIG_IGN);
  socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  set_timeout(std::chrono::seconds(10));
  const int on = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_port = htons(port);
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0) {
    ::close(socket_);
    socket_ = -1;
  }
}

client::~client() {
  if (socket_ >= 0) ::close(socket_);
}

void client::set_timeout(std::chrono::milliseconds time) {
  const timeval limit{time.count() / 1000, time.count() % 1000 * 1000};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

bool client::secure(const std::string& ca_pem, const std::string& host, SSL_SESSION* session) {
  context_.reset(SSL_CTX_new(TLS_client_method()));
  trust(context_.get(), ca_pem);
  SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
  ssl_.reset(SSL_new(context_.get()));
  SSL_set_fd(ssl_.get(), socket_);
  SSL_set1_host(ssl_.get(), host.c_str());
  if (session != nullptr) SSL_set_session(ssl_.get(), session);
  if (SSL_connect(ssl_.get()) == 1) return true;
  const long verified = SSL_get_verify_result(ssl_.get());
  error_ = verified != X509_V_OK ? X509_verify_cert_error_string(verified) : "handshake failed";
  ERR_clear_error();
  ssl_.reset();
  return false;
}

bool client::write(std::string_view bytes) {
  const auto size = static_cast<int>(bytes.size());
  if (ssl_) {
    ERR_clear_error();
    return SSL_write(ssl_.get(), bytes.data(), size) == size;
  }
  return ::send(socket_, bytes.data(), bytes.size(), 0) == size;
}

std::string client::read_some() {
  char block[16384];
  errno = 0;
  ERR_clear_error();
  const int size = ssl_ ? SSL_read(ssl_.get(), block, sizeof block)
                        : static_cast<int>(::recv(socket_, block, sizeof block, 0));
  const int failed = errno;
  if (size > 0) return {block, static_cast<std::size_t>(size)};
  if (failed == ECONNRESET || failed == EPIPE) {
    ended_ = ending::reset;
  } else if (failed == EAGAIN) {
    ended_ = ending::timeout;
  } else if (ssl_ && SSL_get_error(ssl_.get(), size) != SSL_ERROR_ZERO_RETURN) {
    ended_ = ending::truncated;
  } else {
    ended_ = ending::closed;
  }
  return {};
}

std::string client::read_all(std::size_t most) {
  std::string all = std::exchange(buffer_, {});
  while (all.size() < most) {
    const std::string more = read_some();
    if (more.empty()) break;
    all += more;
  }
  return all;
}

std::optional<response> client::read_response() {
  std::size_t end = 0;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
    const std::string more = read_some();
    if (more.empty()) return std::nullopt;
    buffer_ += more;
  }
  response out;
  out.head = buffer_.substr(0, end);
  out.status = out.head.size() > 12 ? std::stoi(out.head.substr(9, 3)) : 0;
  const std::string length = out.header("Content-Length");
  const std::size_t size = length.empty() ? 0 : std::stoul(length);
  while (buffer_.size() < end + 4 + size) {
    const std::string more = read_some();
    if (more.empty()) return std::nullopt;
    buffer_ += more;
  }
  out.body = buffer_.substr(end + 4, size);
  buffer_.erase(0, end + 4 + size);
  return out;
}

std::string signed_bytes(const call& wanted) {
  const std::string date = amz_date(wanted.at);
  const std::string scope = date.substr(0, 8) + '/' + wanted.region + "/lambda/aws4_request";
  headers all = wanted.more;
  all.emplace_back("Host", wanted.host);
  all.emplace_back("X-Amz-Date", date);
  all.emplace_back("X-Amz-Content-Sha256", hex(sha256(wanted.body)));
  std::vector<std::string> lower;
  for (const auto& header : all) {
    std::string name = header.first;
    for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    lower.push_back(name);
  }
  std::sort(lower.begin(), lower.end());
  std::string list;
  for (const std::string& name : lower) list += (list.empty() ? "" : ";") + name;
  const std::size_t question = std::min(wanted.target.find('?'), wanted.target.size());
  const std::string_view target = wanted.target;
  const header_views views(all.begin(), all.end());
  const std::string canonical =
      wanted.method + '\n' + canonical_path(target.substr(0, question)).text + '\n' +
      canonical_query(question < target.size() ? target.substr(question + 1) : "") + '\n' +
      canonical_headers(views, {lower.begin(), lower.end()}) + '\n' + list + '\n' +
      hex(sha256(wanted.body));
  digest key = hmac_sha256("AWS4" + wanted.secret, date.substr(0, 8));
  for (const std::string& part :
       {wanted.region, std::string("lambda"), std::string("aws4_request")})
    key = hmac_sha256(as_text(key), part);
  const std::string signature = hex(hmac_sha256(
      as_text(key), "AWS4-HMAC-SHA256\n" + date + '\n' + scope + '\n' + hex(sha256(canonical))));

  std::string out = wanted.method + ' ' + wanted.target + " HTTP/1.1\r\n";
  for (const auto& [name, value] : all) out += name + ": " + value + "\r\n";
  out += "Content-Length: " + std::to_string(wanted.body.size()) + "\r\n";
  out += "Authorization: AWS4-HMAC-SHA256 Credential=" + wanted.key_id + '/' + scope +
         ", SignedHeaders=" + list + ", Signature=" + signature + "\r\n\r\n";
  return out + wanted.body;
}

call invoke_of(std::string function, std::string body, headers more) {
  call out;
  out.target = "/2015-03-31/functions/" + std::move(function) + "/invocations";
  out.body = std::move(body);
  out.more = std::move(more);
  return out;
}

}  // namespace sandbox::test
