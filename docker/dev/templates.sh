# shellcheck shell=bash
# What ./dev templates does with templates/*.json; everything is made below build/templates.

template_file=$PWD/templates/lambda-connector-invoke.json
template_task=$PWD/templates/checks/task.bpmn

# ensure_node: Debian's Node.js where there is none; a newer one that is there stays.
ensure_node() {
  if ! command -v node >/dev/null || ! command -v npm >/dev/null; then step install ensure_packages node; fi
}

# template_packages: the npm packages that templates/checks/package.json names, once per change of it.
template_packages() {
  mkdir -p build/templates
  cp templates/checks/*.mjs templates/checks/*.html build/templates/
  cmp -s templates/checks/package.json build/templates/installed.json && return 0
  cp templates/checks/package.json build/templates/
  (cd build/templates && npm install --no-audit --no-fund --no-package-lock --cache ./npm-cache) \
    >build/templates/npm.log 2>&1 || {
    tail -n 20 build/templates/npm.log >&2
    return 1
  }
  cp templates/checks/package.json build/templates/installed.json
}

# template_bundle NAME FORMAT...: the packages leave out file extensions, so that only bundled they run.
template_bundle() {
  local name=$1
  shift
  (cd build/templates && node_modules/.bin/esbuild "$name.mjs" --bundle --log-level=warning "$@")
}

template_check() {
  build/release/lambda-connector print-task-tables >build/templates/tables.json &&
    template_bundle check --platform=node --format=cjs --outfile=check.bundle.cjs &&
    (cd build/templates && node check.bundle.cjs "$template_file" tables.json)
}

# template_apply: the documents that the end-to-end cases run are those that the library makes today.
template_apply() {
  rm -rf build/templates/applied
  mkdir -p build/templates/applied
  template_bundle apply --platform=node --format=esm --outfile=apply.bundle.mjs &&
    (cd build/templates && node apply.bundle.mjs "$template_file" "$template_task" applied) ||
    return 1
  if [ "${1-}" = --update ]; then cp build/templates/applied/*.bpmn tests/e2e/template/; fi
  diff -r tests/e2e/template build/templates/applied || {
    echo "templates: tests/e2e/template is not what the template gives; ./dev templates --update takes it over" >&2
    return 1
  }
}

template_run() {
  /usr/bin/python3 tests/e2e/run.py template
}

template_page() {
  template_bundle page --format=iife --outfile=page.bundle.js &&
    (cd build/templates && timeout 180 node shot.mjs "$template_file" "$template_task" modeler.png) ||
    return 1
  if [ "${1-}" = --update ]; then cp build/templates/modeler.png templates/modeler.png; fi
}
