# shellcheck shell=bash
# Packages of a Debian machine: reads docker/packages/*.txt, installs what is missing, says so.

# package_names LIST...: the names in docker/packages/LIST.txt, comments taken off.
package_names() {
  local list
  for list in "$@"; do
    sed -e 's/#.*//' -e 's/[[:space:]]*$//' -e '/^$/d' "docker/packages/$list.txt"
  done
}

# missing_packages LIST...: those of the lists that are not installed.
missing_packages() {
  package_names "$@" | sort -u | while read -r name; do
    local state
    state=$(dpkg-query -W -f='${db:Status-Status}' "$name" 2>/dev/null) || state=absent
    [ "$state" = installed ] || echo "$name"
  done
}

# ensure_packages LIST...: installs what is missing. Nothing is fetched when all is there.
ensure_packages() {
  if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    echo "dev: no apt on this machine; what is needed stands in docker/packages ($*)" >&2
    return 0
  fi
  local missing=()
  mapfile -t missing < <(missing_packages "$@")
  [ ${#missing[@]} -gt 0 ] || return 0

  local as_root=(env)
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
      echo "dev: these Debian packages are missing, and this is neither root nor is there sudo:" >&2
      printf '  %s\n' "${missing[@]}" >&2
      return 1
    fi
    as_root=(sudo env)
  fi
  echo "dev: installing ${#missing[@]} Debian packages: ${missing[*]}"
  mkdir -p build
  if ! install_now "${missing[@]}"; then
    tail -n 20 build/apt.log >&2
    echo "dev: the packages could not be installed, the whole log is build/apt.log" >&2
    return 1
  fi
}

# install_now NAME...: the two apt calls. A third-party source that is away must not stop the
# installation from Debian's own, so only the second call decides.
install_now() {
  local apt=("${as_root[@]}" DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=600)
  "${apt[@]}" update >build/apt.log 2>&1 || echo "dev: apt-get update complained, going on" >&2
  "${apt[@]}" install -y --no-install-recommends "$@" >>build/apt.log 2>&1
}

# fetch_of_prometheus PROGRAM: promtool or prometheus, taken out of Debian's package, which as a whole would start a
# server on this machine. Gives 1, and says why, when it is neither here nor to be had.
fetch_of_prometheus() {
  [ ! -x "build/tools/$1" ] && ! command -v "$1" >/dev/null || return 0
  command -v apt-get >/dev/null && command -v dpkg >/dev/null || return 1
  local folder=build/tools/unpacked
  mkdir -p "$folder"
  (
    cd "$folder"
    # No list of packages yet, or an old one: one more look, as root.
    apt-get -q download prometheus || { [ "$(id -u)" -eq 0 ] && apt-get -q update && apt-get -q download prometheus; }
    dpkg -x prometheus_*.deb . && mv "usr/bin/$1" ..
  ) >"build/$1.log" 2>&1 || echo "dev: no $1, see build/$1.log" >&2
  rm -rf "$folder"
  [ -x "build/tools/$1" ]
}

# fetch_promtool: the checker of metrics. Without it the test that wants it says so and is skipped.
fetch_promtool() {
  fetch_of_prometheus promtool || true
}

# ensure_java: Debian's compiler and Maven where one of them is missing; newer ones that are there stay.
ensure_java() {
  if ! command -v javac >/dev/null || ! command -v mvn >/dev/null; then step install ensure_packages java; fi
}
