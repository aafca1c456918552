# shellcheck shell=bash
# What ./dev templates does with templates/*.json; everything is made below build/templates.

template_root=$PWD
template_file=$PWD/templates/lambda-connector-invoke.json
template_task=$PWD/templates/checks/modeler/task.bpmn

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
  (cd "$to" && npm install --no-audit --no-fund --no-package-lock --cache "$template_root/build/templates/npm-cache") \
    >build/templates/npm.log 2>&1 || {
    tail -n 20 build/templates/npm.log >&2
    return 1
  }
  cp "$from/package.json" "$to/installed.json"
}

# template_bundle FOLDER NAME FORMAT...: the packages leave out file extensions, so that only bundled they run.
template_bundle() {
  local folder=build/templates/$1 name=$2
  shift 2
  (cd "$folder" && node_modules/.bin/esbuild "$name.mjs" --bundle --log-level=warning "$@")
}

template_check() {
  build/release/lambda-connector print-task-tables >build/templates/tables.json &&
    template_bundle . check --platform=node --format=cjs --outfile=check.bundle.cjs &&
    (cd build/templates && node check.bundle.cjs "$template_file" tables.json)
}

template_run() {
  /usr/bin/python3 tests/e2e/run.py template
}

# template_apply: the documents that the end-to-end cases run are those that the library makes today.
template_apply() {
  rm -rf build/templates/applied
  mkdir -p build/templates/applied
  template_bundle modeler apply --platform=node --format=esm --outfile=apply.bundle.mjs &&
    (cd build/templates/modeler && node apply.bundle.mjs "$template_file" "$template_task" ../applied) ||
    return 1
  if [ "${1-}" = --update ]; then cp build/templates/applied/*.bpmn tests/e2e/template/; fi
  diff -r tests/e2e/template build/templates/applied || {
    echo "templates: tests/e2e/template is not what the template gives; ./dev templates --modeler --update takes it over" >&2
    return 1
  }
}

template_page() {
  template_bundle modeler page --format=iife --outfile=page.bundle.js &&
    (cd build/templates/modeler && timeout 180 node shot.mjs "$template_file" "$template_task" modeler.png) ||
    return 1
  if [ "${1-}" = --update ]; then cp build/templates/modeler/modeler.png templates/modeler.png; fi
}
