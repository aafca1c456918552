#!/usr/bin/env bash
# CMake's launcher: the compiler behind ccache, so that checkouts in different folders share what they compile.
# ccache makes most paths relative, but not those after -Xclang and not that of the sanitizer's list. Of a precompiled
# header it hashes the file, in which clang wrote the folder. So these paths become relative here, and beside each
# precompiled header lies a sum of what it was made of, which ccache takes instead of the file (CCACHE_PCH_EXTSUM).
set -euo pipefail
root=${BASH_SOURCE[0]%/docker/dev/*}
ignore=-fsanitize-ignorelist=
export CCACHE_BASEDIR=${CCACHE_BASEDIR:-$root} CCACHE_NOHASHDIR=1 CCACHE_PCH_EXTSUM=1
export CCACHE_EXTRAFILES=$root/tests/ubsan.ignore
# Without these ccache keeps no user of a precompiled header.
export CCACHE_SLOPPINESS=${CCACHE_SLOPPINESS:-pch_defines,time_macros}
if [[ " $* " != *' -emit-pch '* ]]; then
  arguments=("${@/#"$PWD/"/}")
  [ "${PWD%/*/*}" != "$root" ] || arguments=("${arguments[@]/#"$ignore$root/"/"$ignore../../"}")
  exec ccache "${arguments[@]}"
fi

# The header itself is of use in its own folder only: clang looks for the list of headers where it was.
ccache "$@"
arguments=("$@")
for ((i = 0; i < $#; i++)); do
  case "${arguments[i]}" in
    -o) made=${arguments[i + 1]} ;;
    -MF) dependencies=${arguments[i + 1]} ;;
  esac
done
# What it was made of: headers of the machine and of the project, and the list that CMake makes in the build folder.
tr -s ' \134' '\n' <"$dependencies" | grep -v ':$' | sort -u | xargs sha256sum | sed "s:  $root/:  :" |
  sha256sum >"$made.sum"
