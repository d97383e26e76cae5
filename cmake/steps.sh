# shellcheck shell=sh disable=SC2154
# Sourced by run and test: one line on stderr for each step, its output only if it fails.
# Sets nothing but functions; `root` and `me` are the caller's.

say() {
  printf '%s: %s\n' "$me" "$*" >&2
}

# step LOG TEXT COMMAND… runs COMMAND with its output in build/LOG; a failure shows the end of it.
step() {
  step_log=$root/build/$1
  say "$2"
  shift 2
  mkdir -p "$root/build"
  if "$@" >"$step_log" 2>&1; then
    return 0
  fi
  tail -n 60 "$step_log" >&2
  say "failed: $* (all of its output: $step_log)"
  exit 1
}

# configure PRESET [OPTION…] of cmake, always; configure_and_build does it only where nothing is yet.
configure() {
  preset=$1
  shift
  # Found by cmake when a build folder is made; a second build of the same source is then quick.
  if command -v ccache >/dev/null; then
    export CMAKE_CXX_COMPILER_LAUNCHER=ccache
  fi
  step "$preset-configure.log" "configuring build/$preset" in_root cmake --preset "$preset" "$@"
}

# build PRESET [TARGET…]
build() {
  preset=$1
  shift
  step "$preset-build.log" "building build/$preset (the first time takes minutes)" \
    in_root cmake --build --preset "$preset" -j "$(nproc)" ${1:+--target "$@"}
}

# configure_and_build PRESET [TARGET…]
configure_and_build() {
  if [ ! -f "$root/build/$1/build.ninja" ]; then
    configure "$1"
  fi
  build "$@"
}

# install_node_modules FOLDER, as its lockfile says; nothing of theirs runs to install them.
install_node_modules() {
  lock=$root/$1/package-lock.json
  have=$root/$1/node_modules/.package-lock.json
  if [ ! -f "$lock" ] || { [ -f "$have" ] && [ -z "$(find "$lock" -newer "$have")" ]; }; then
    return 0
  fi
  step npm.log "npm ci in $1" npm ci --ignore-scripts --no-audit --no-fund --prefix "$root/$1"
  touch "$have"
}

in_root() {
  (cd "$root" && "$@")
}
