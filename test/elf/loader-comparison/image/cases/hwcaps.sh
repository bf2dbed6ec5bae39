source "$(dirname "$0")/link.sh"

# glibc-hwcaps/: better files beside the plain one, and a library that only better processors find
library hwcaps/libh.so
for level in v2 v3; do
  copy hwcaps/libh.so "hwcaps/glibc-hwcaps/x86-64-$level/libh.so"
done
program hwcaps/better-files hwcaps/libh.so "$(runpath /cases/hwcaps)"
library hwcaps/only/glibc-hwcaps/x86-64-v2/libonly.so rpath/deep/libdeep.so "$(runpath /cases/rpath/deep)"
program hwcaps/only-better hwcaps/only/glibc-hwcaps/x86-64-v2/libonly.so "$(runpath /cases/hwcaps/only)"

# the directories of before 2.33, which were searched until 2.36
library legacy/libg.so
copy legacy/libg.so legacy/tls/libg.so
copy legacy/libg.so legacy/x86_64/libg.so
mkdir -p legacy/tls/haswell/x86_64
program legacy/tls-first legacy/libg.so "$(runpath /cases/legacy)"
copy legacy/libg.so legacy/deep/libg.so
copy legacy/libg.so legacy/deep/tls/haswell/avx512_1/x86_64/libg.so
copy legacy/libg.so legacy/deep/haswell/libg.so
program legacy/deep-subdirectories legacy/libg.so "$(runpath /cases/legacy/deep)"
