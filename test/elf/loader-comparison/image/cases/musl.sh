source "$(dirname "$0")/link.sh"

deep=/cases/musl/deep lib=/cases/musl/lib mm=musl/lib/libmm.so
musl_library musl/deep/libmdeep.so
musl_library $mm musl/deep/libmdeep.so

# RPATH and RUNPATH are one, both inherited; $ORIGIN only
musl_program musl/bin/runpath $mm "$(runpath $lib:$deep)"
musl_program musl/bin/rpath $mm "$(rpath $lib:$deep)"
musl_program musl/bin/origin $mm "$(runpath '$ORIGIN/../lib:${ORIGIN}/../deep')"
musl_program musl/bin/unknown-token $mm "$(runpath "$lib:\$LIB/x")"
musl_program musl/bin/missing $mm
musl_program musl/bin/nothing-needed
musl_program musl/bin/slash "$(runpath $deep)"
patchelf --add-needed $lib/libmm.so musl/bin/slash

# a directory that /etc/ld-musl-x86_64.path names
musl_library musl/configured/libmconf.so
musl_program musl/bin/configured-directory musl/configured/libmconf.so

# names that always mean libc, and libc under other names
musl_program musl/bin/reserved
patchelf --add-needed libpthread.so.0 --add-needed libc.musl-x86_64.so.1 --add-needed libm.so.6 musl/bin/reserved
musl_program musl/bin/needs-the-loader
patchelf --add-needed ld-musl-x86_64.so.1 musl/bin/needs-the-loader
musl_program musl/bin/another-libc
patchelf --add-needed /lib/x86_64-linux-gnu/libc.so.6 musl/bin/another-libc

# the first file of the name is taken, whatever it is
for what in text directory circle; do
  musl_program musl/bin/$what $mm "$(runpath /cases/musl/$what:$lib:$deep)"
  mkdir -p musl/$what
done
echo text > musl/text/libmm.so
mkdir musl/directory/libmm.so
link libmm.so musl/circle/libmm.so

# by the name that was searched for, never by soname
musl_program musl/bin/two-names-one-file "$(runpath /cases/musl/alias:$deep)"
link ../lib/libmm.so musl/alias/libother.so
patchelf --add-needed $lib/libmm.so --add-needed libother.so --add-needed libmm.so musl/bin/two-names-one-file
musl_library musl/soname/libs2.so
musl_library musl/soname/libs1.so -Wl,-soname,libs2.so
musl_program musl/bin/soname "$(runpath /cases/musl/soname)"
patchelf --add-needed libs1.so --add-needed libs2.so musl/bin/soname
