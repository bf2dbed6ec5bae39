source "$(dirname "$0")/link.sh"

# a directory that ld.so.conf.d names; libstale.so is removed once the cache has it
library cache/configured/libq.so.1
copy cache/configured/libq.so.1 cache/configured/glibc-hwcaps/x86-64-v2/libq.so.1
library cache/configured/glibc-hwcaps/x86-64-v2/libq2.so.1
library cache/configured/libstale.so
program cache/configured-directory cache/configured/libq.so.1 cache/configured/glibc-hwcaps/x86-64-v2/libq2.so.1
program cache/stale cache/configured/libstale.so
program cache/barred-by-nodeflib cache/configured/libq.so.1 -Wl,-z,nodefaultlib

# the cache compares runs of digits as numbers
program cache/digits cache/configured/libq.so.1
patchelf --replace-needed libq.so.1 libq.so.01 cache/digits
