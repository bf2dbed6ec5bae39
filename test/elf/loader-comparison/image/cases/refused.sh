source "$(dirname "$0")/link.sh"

# each program finds a libf.so of the case's name first, and a sound one behind it
library refused/sound/libf.so
case_of() { # NAME
  program "refused/needs-$1" refused/sound/libf.so "$(runpath "/cases/refused/$1:/cases/refused/sound")"
  mkdir -p "refused/$1"
}
for name in text directory empty-file circle dangling pie executable object-file truncated byte-order abi machine class; do
  case_of $name
done
echo text > refused/text/libf.so
mkdir refused/directory/libf.so
touch refused/empty-file/libf.so
link libf.so refused/circle/libf.so
link nothing refused/dangling/libf.so
program refused/pie/libf.so
program refused/executable/libf.so -no-pie
cp /tmp/objects/empty.o refused/object-file/libf.so
head -c 100 refused/sound/libf.so > refused/truncated/libf.so
program refused/rpath-needs-circle refused/sound/libf.so "$(rpath /cases/refused/circle:/cases/refused/sound)"

patched() { # NAME BYTE OFFSET
  cp refused/sound/libf.so "refused/$1/libf.so"
  printf "$2" | dd "of=refused/$1/libf.so" bs=1 "seek=$3" conv=notrunc status=none
}
patched byte-order '\002' 5
patched abi '\011' 7
patched machine '\267' 18
cp /usr/lib32/libgcc_s.so.1 refused/class/libf.so
