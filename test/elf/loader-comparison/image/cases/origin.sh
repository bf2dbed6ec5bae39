source "$(dirname "$0")/link.sh"

library origin/lib/liba.so
library origin/lib/sub/libb.so origin/lib/liba.so "$(runpath '$ORIGIN/..')"
program origin/bin/plain origin/lib/sub/libb.so "$(runpath '${ORIGIN}/../lib/sub')"
link ../../bin/plain origin/links/of-a-program/plain
program origin/bin/beside-a-link origin/lib/sub/libb.so "$(runpath '$ORIGIN/../links/lib/sub')"
link ../lib origin/links/lib

# stripped of its section headers
copy origin/bin/plain origin/bin/no-sections
printf '\0\0\0\0\0\0\0\0' | dd of=origin/bin/no-sections bs=1 seek=40 conv=notrunc status=none
printf '\0\0\0\0\0\0' | dd of=origin/bin/no-sections bs=1 seek=58 conv=notrunc status=none

# $PLATFORM, $LIB, a word that is no token
copy origin/lib/sub/libb.so origin/haswell/sub/libb.so
copy origin/lib/sub/libb.so origin/x86_64/sub/libb.so
program origin/bin/platform origin/lib/sub/libb.so \
  "$(runpath '$ORIGIN/../$PLATFORM/sub:$ORIGIN/../lib/sub:$ORIGINX/y')"
library origin/lib/x86_64-linux-gnu/libmulti.so
program origin/bin/lib-token origin/lib/x86_64-linux-gnu/libmulti.so "$(runpath '/cases/origin/$LIB')"

# names with a slash: as they are, absolute, with tokens
nameless origin/slash/libnameless.so
program origin/slash/relative origin/slash/libnameless.so
program origin/slash/absolute /cases/origin/slash/libnameless.so
for token in ORIGIN PLATFORM; do
  copy origin/slash/absolute "origin/slash/$token"
  patchelf --replace-needed /cases/origin/slash/libnameless.so "\$$token/libnameless.so" "origin/slash/$token"
done
