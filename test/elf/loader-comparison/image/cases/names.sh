source "$(dirname "$0")/link.sh"

# of two files with one soname the first wins, whoever asks
for place in first second; do
  library names/$place/libw.so.1
done
library names/third/libx.so names/second/libw.so.1 "$(runpath /cases/names/second)"
program names/soname-once names/first/libw.so.1 names/third/libx.so \
  "$(runpath /cases/names/first:/cases/names/third)"

# one file under two names is loaded once
nameless names/alias/libreal.so
link libreal.so names/alias/libalias.so
program names/two-names-one-file "$(runpath /cases/names/alias)"
patchelf --add-needed libreal.so --add-needed libalias.so --add-needed /cases/names/alias/../alias/libalias.so \
  names/two-names-one-file

# libraries that need each other or themselves; a program that needs the loader
library names/cycle/libone.so
library names/cycle/libtwo.so names/cycle/libone.so
library names/cycle/libone.so names/cycle/libtwo.so "$(runpath /cases/names/cycle)"
program names/needs-a-cycle names/cycle/libone.so "$(runpath /cases/names/cycle)"
library names/cycle/libself.so
patchelf --add-needed libself.so names/cycle/libself.so
program names/needs-the-loader /lib64/ld-linux-x86-64.so.2

# a library that is nowhere
library names/gone/libgone.so
program names/missing names/gone/libgone.so
program names/missing-from-runpath names/gone/libgone.so "$(runpath /cases/names/gone:/cases/names/nowhere)"
rm names/gone/libgone.so

# DT_FILTER has to be there, DT_AUXILIARY need not
library names/filter/libimpl.so
library names/filter/libfil.so -Wl,-F,libimpl.so "$(runpath /cases/names/filter)"
library names/filter/libaux.so -Wl,-f,libimpl.so "$(runpath /cases/names/filter)"
library names/filter/libfil2.so -Wl,-F,libnope.so
library names/filter/libaux2.so -Wl,-f,libnope.so
for library in fil aux fil2 aux2; do
  program "names/filter/needs-$library" "names/filter/lib$library.so" "$(runpath /cases/names/filter)"
done
