source "$(dirname "$0")/link.sh"

library rpath/deep/libdeep.so
library rpath/mid/libmid.so rpath/deep/libdeep.so
library rpath/with-runpath/libmidrun.so rpath/deep/libdeep.so "$(runpath /nowhere)"
library rpath/outer/libouter.so rpath/mid/libmid.so "$(rpath /cases/rpath/mid:/cases/rpath/deep)"

# an RPATH counts for what the libraries need, a RUNPATH does not, and a library with a RUNPATH inherits nothing
program rpath/inherited rpath/mid/libmid.so "$(rpath /cases/rpath/mid:/cases/rpath/deep)"
program rpath/runpath-not-inherited rpath/mid/libmid.so "$(runpath /cases/rpath/mid:/cases/rpath/deep)"
program rpath/kept-off-by-runpath rpath/with-runpath/libmidrun.so \
  "$(rpath /cases/rpath/with-runpath:/cases/rpath/deep)"
program rpath/along-a-chain rpath/outer/libouter.so "$(rpath /cases/rpath/outer)"

# relative, empty and doubled elements; trailing slashes; a file where a directory is expected
program rpath/relative rpath/deep/libdeep.so "$(rpath ../rpath/deep)"
library working/libhere.so
program rpath/empty-element working/libhere.so "$(runpath /x::/y)"
library separated/libseparated.so
program rpath/in-library-path working/libhere.so separated/libseparated.so
program rpath/slashes rpath/deep/libdeep.so "$(runpath '/cases/rpath/mid//:/cases//rpath/deep///')"
program rpath/through-a-file rpath/deep/libdeep.so "$(runpath /cases/rpath/relative:/cases/rpath/deep)"
copy rpath/inherited rpath/empty
patchelf --set-rpath '' rpath/empty

# DF_1_NODEFLIB: neither the default directories nor what the cache has in them
library nodeflib/libk.so
program nodeflib/without-libc nodeflib/libk.so -Wl,-z,nodefaultlib "$(runpath /cases/nodeflib)"
program nodeflib/with-libc nodeflib/libk.so -Wl,-z,nodefaultlib \
  "$(runpath /cases/nodeflib:/lib/x86_64-linux-gnu)"
