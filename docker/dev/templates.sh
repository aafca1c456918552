# shellcheck shell=bash
# What ./dev templates does with the element templates of templates/; everything is made below build/templates.

template_folder=$PWD/templates
template_documents=$PWD/tests/e2e/template
template_build=$PWD/build/templates

# ensure_node: Debian's Node.js where there is none; a newer one that is there stays.
ensure_node() {
  if ! command -v node >/dev/null || ! command -v npm >/dev/null; then step install ensure_packages node; fi
}

# template_packages FOLDER: sources and npm packages of templates/checks/FOLDER, installed once per change of
# its package.json.
template_packages() {
  local from=templates/checks/$1 to=build/templates/$1
  mkdir -p "$to"
  find "$from" -maxdepth 1 \( -name '*.mjs' -o -name '*.html' \) -exec cp -t "$to" {} +
  cmp -s "$from/package.json" "$to/installed.json" && return 0
  cp "$from/package.json" "$to/"
  (cd "$to" && npm install --no-audit --no-fund --no-package-lock --cache "$template_build/npm-cache") \
    >build/templates/npm.log 2>&1 || {
    tail -n 20 build/templates/npm.log >&2
    return 1
  }
  cp "$from/package.json" "$to/installed.json"
}

# template_bundle NAME FORMAT...: the modeler's packages leave out file extensions, so that only bundled they run.
template_bundle() {
  local name=$1
  shift
  (cd build/templates/modeler && node_modules/.bin/esbuild "$name.mjs" --bundle --log-level=warning "$@")
}

# template_tests: those of ./dev test, without a build of its own.
template_tests() {
  local each
  for each in tests/templates/*_test.py; do
    python3 -B "$each" build/release/lambda-connector || return 1
  done
}

template_check() {
  (cd build/templates && node check.mjs "$template_folder"/*.json "$template_folder"/versions/*.json "$template_documents"/*.bpmn \
    "$template_folder"/examples/*.bpmn)
}

template_run() {
  /usr/bin/python3 tests/e2e/run.py template template_refused examples function_list migration
}

# template_apply: the modeler's library writes what our documents have.
template_apply() {
  template_bundle apply --platform=node --format=esm --outfile=apply.bundle.mjs &&
    (cd build/templates/modeler && node apply.bundle.mjs "$template_folder" "$template_documents")
}

template_page() {
  rm -rf build/templates/modeler/pictures
  template_bundle page --format=iife --outfile=page.bundle.js &&
    (cd build/templates/modeler && timeout 400 node shot.mjs "$template_folder" pictures) ||
    return 1
  if [ "${1-}" = --update ]; then
    rm -rf templates/pictures
    cp -r build/templates/modeler/pictures templates/pictures
  fi
}
