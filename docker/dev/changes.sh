# shellcheck shell=bash
# What ./dev check looks at: files that git knows as changed.

# nearest_base REF...: the latest common ancestor of HEAD and one of these, or nothing.
nearest_base() {
  local ref base count best='' fewest=''
  for ref in "$@"; do
    base=$(git merge-base HEAD "$ref" 2>/dev/null) || continue
    count=$(git rev-list --count "$base..HEAD")
    if [ -z "$best" ] || [ "$count" -lt "$fewest" ]; then best=$base fewest=$count; fi
  done
  echo "$best"
}

# base_of_changes: the commit to compare with; fails when HEAD has none before it. On a branch that is where it left main,
# here or at origin, whichever is nearer: the branch's own commits and nothing else. On main it is what origin has of
# it, and when that is all, the commit before, which is also right for a checkout without a branch.
base_of_changes() {
  local branch head base
  head=$(git rev-parse -q --verify HEAD) || return 1
  branch=$(git symbolic-ref -q --short HEAD || true)
  case "$branch" in
    main) base=$(nearest_base origin/main) ;;
    *) base=$(nearest_base main origin/main) ;;
  esac
  if [ -n "$branch" ] && [ "$branch" != main ] && [ -n "$base" ]; then
    echo "$base"
  elif [ -z "$base" ] || [ "$base" = "$head" ]; then
    git rev-parse -q --verify HEAD~1
  else
    echo "$base"
  fi
}

# changed_files: with what is not committed. Without any commit before, everything is new.
changed_files() {
  local base
  base=$(base_of_changes) || { all_files && return; }
  git diff --name-only --diff-filter=d "$base"
  git ls-files --others --exclude-standard
}

all_files() {
  git ls-files --cached --others --exclude-standard
}
