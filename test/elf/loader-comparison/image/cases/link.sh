# Sourced by the scripts that make cases. A case is a file below /cases, named for what it shows; nothing in it does
# anything, all that counts is how it is linked.

mkdir -p /cases /tmp/objects
cd /cases
[ -e /tmp/objects/main.o ] || echo 'int main(void) { return 0; }' | gcc -c -fPIC -x c -o /tmp/objects/main.o -
[ -e /tmp/objects/empty.o ] || gcc -c -fPIC -x c -o /tmp/objects/empty.o /dev/null

link_with() { # COMPILER FILE OPTION...
  mkdir -p "$(dirname "$2")"
  "$1" -Wl,--no-as-needed,--allow-shlib-undefined,--unresolved-symbols=ignore-all -o "${@:2}"
}

# FILE OPTION...: a library handed in by its path is needed by its soname, or by that path where it has none
library() { link_with gcc "$1" -shared /tmp/objects/empty.o "-Wl,-soname,$(basename "$1")" "${@:2}"; }
nameless() { link_with gcc "$1" -shared /tmp/objects/empty.o "${@:2}"; }
program() { link_with gcc "$1" /tmp/objects/main.o "${@:2}"; }
musl_library() { link_with musl-gcc "$1" -shared /tmp/objects/empty.o "-Wl,-soname,$(basename "$1")" "${@:2}"; }
musl_program() { link_with musl-gcc "$1" -pie /tmp/objects/main.o "${@:2}"; }

rpath() { echo "-Wl,--disable-new-dtags,-rpath,$1"; }
runpath() { echo "-Wl,--enable-new-dtags,-rpath,$1"; }

copy() { # FILE... TARGET, whose directory need not exist
  mkdir -p "$(dirname "${*: -1}")"
  cp "$@"
}
link() { # TEXT FILE
  mkdir -p "$(dirname "$2")"
  ln -s "$1" "$2"
}
