# shellcheck shell=bash
# shellcheck disable=SC2154 # root is set by setup.sh
# node_modules and dist, each redone only when what it is made from has changed.

# npm ci empties node_modules, so a stamp in it cannot outlive what it vouches for.
modules_stamp=$root/node_modules/.kraft-slim-lock
build_stamp=$root/node_modules/.kraft-slim-build

require_node() {
  have node || fail 'Node.js is missing' 'install Node 20 or newer with npm: https://nodejs.org/en/download'
  have npm || fail 'npm is missing' 'it comes with Node.js: https://nodejs.org/en/download'
  local version
  version=$(node --version)
  version=${version#v}
  [ "${version%%.*}" -ge 20 ] || fail "Node 20 or newer is needed, this is $version" 'https://nodejs.org/en/download'
}

# Some packages are native: another processor needs an install of its own.
modules_key() { { uname -sm; cat "$root/package-lock.json"; } | sha256; }

ensure_node_modules() {
  require_node
  local key
  key=$(modules_key)
  [ "$(cat "$modules_stamp" 2>/dev/null)" != "$key" ] || return 0
  # install scripts of packages run foreign code, and nothing here needs what they build
  say 'npm ci'
  (cd "$root" && quietly npm ci --ignore-scripts --no-audit --no-fund 8>&- 9>&-) || fail 'npm ci failed' 'npm says why, above'
  printf '%s\n' "$key" >"$modules_stamp"
}

build_key() {
  (
    cd "$root" || exit 1
    cat tsconfig.json "$modules_stamp"
    # Names and contents.
    find src -type f -exec cksum {} + | LC_ALL=C sort
  ) | sha256
}

# Built aside and then renamed: dist never holds half a build, nor what was built from a deleted source.
ensure_build() {
  local key aside=$root/node_modules/.kraft-slim-dist
  key=$(build_key)
  if [ -d "$root/dist" ] && [ "$(cat "$build_stamp" 2>/dev/null)" = "$key" ]; then return 0; fi
  say 'tsc'
  rm -rf "$aside"
  (cd "$root" && quietly node_modules/.bin/tsc --outDir "$aside") || fail 'the build failed' 'tsc says where, above'
  rm -rf "$root/dist"
  mv "$aside" "$root/dist"
  printf '%s\n' "$key" >"$build_stamp"
}
