// The deleter of what OpenSSL made: std::unique_ptr<X509, freeing<X509_free>>.
#pragma once

namespace sandbox {

template <auto Free>
struct freeing {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};

}  // namespace sandbox
