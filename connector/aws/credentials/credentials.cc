#include "connector/aws/credentials/credentials.h"

#include <utility>

namespace connector::aws {

std::string name_of(const identity& who) {
  std::string name;
  switch (who.from) {
    case identity::kind::worker:
      break;
    case identity::kind::keys:
      name = "keys " + who.access_key_id;
      break;
    case identity::kind::profile:
      name = "profile " + who.profile;
      break;
    case identity::kind::none:
      name = "unsigned";
      break;
  }
  if (who.role) name += " role " + who.role->role_arn + ' ' + who.role->session_name;
  return name;
}

error credentials_error(std::string message) {
  error e;
  e.code = error_code::credentials_error;
  e.message = std::move(message);
  return e;
}

}  // namespace connector::aws
