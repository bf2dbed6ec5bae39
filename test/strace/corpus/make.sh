#!/bin/sh
# make.sh DIST/strace/trace-options.js: makes the logs of this directory anew, in /srv/demo, as root, with the options
# of that compiled module. Needs strace, gcc, musl-gcc and Debian's python3.
# The expected tables beside them have to be read again afterwards: pids and line order change.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
options=$(cd "$here" && node --input-type=module -e "
  const { straceOptions } = await import('$1');
  process.stdout.write(straceOptions('LOG').join(' '));")
rm -rf /srv/demo
mkdir -p /srv/demo/bin
cd /srv/demo
for program in files names threads sockets signals at-paths refused; do
  gcc -O1 -w -pthread -o "bin/$program" "$here/programs/$program.c"
done
musl-gcc -O1 -w -o bin/files-musl "$here/programs/files.c"
musl-gcc -O1 -w -static -pthread -o bin/threads-musl "$here/programs/threads.c"
cp "$here/programs/children.py" bin/

# trace NAME COMMAND...: in an empty directory of that name
trace() {
  name=$1
  shift
  mkdir -p "/srv/demo/$name"
  cd "/srv/demo/$name"
  case $name in threads*) mkdir -p a/b ;; esac
  # shellcheck disable=SC2086
  env -i PATH=/usr/bin:/bin strace $(echo "$options" | sed "s|LOG|$here/$name.log|") "$@" >/dev/null 2>&1 || true
}

trace files /srv/demo/bin/files
trace files-musl /srv/demo/bin/files-musl
trace names /srv/demo/bin/names
trace threads /srv/demo/bin/threads
trace threads-musl /srv/demo/bin/threads-musl
trace sockets /srv/demo/bin/sockets
trace signals /srv/demo/bin/signals
trace refused /srv/demo/bin/refused
trace at-paths /srv/demo/bin/at-paths
trace children-of-python /usr/bin/python3 -I -S -E /srv/demo/bin/children.py
trace shell /bin/sh -c 'cd /srv/demo/threads; cat a/x; (cd a; ls b/../../a | sort -u); exec ls /srv/demo/threads'
