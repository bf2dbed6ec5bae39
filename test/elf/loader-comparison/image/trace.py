"""Asks the dynamic loaders of this system what they load, for every ELF file of their machine, in several modes.

Prints one JSON object per line. The loaders only trace: no program is run, not even in the mode `started`, in which
the kernel starts it and the loader ends it.
"""

import json
import os
import struct
import subprocess

# gconv: 500 modules that are all alike
PRUNED = {"/proc", "/sys", "/dev", "/usr/lib32/gconv", "/usr/lib/x86_64-linux-gnu/gconv"}
ET_EXEC, ET_DYN, PT_INTERP = 2, 3, 3
LOADERS = {62: "/lib64/ld-linux-x86-64.so.2", 3: "/lib/ld-linux.so.2"}
MUSL = "/lib/ld-musl-x86_64.so.1"
# not every kernel runs programs of i386, and QEMU's emulation of a process starts them as the kernel does
EMULATORS = {3: "qemu-i386"}

UNIKRAFT_PATH = "/usr/local/lib:/usr/lib:/lib"
# relative, empty and doubled elements, both separators, a token; read in this directory
ODD_PATH = "../hwcaps:/cases/names/alias:/cases/names/alias;/cases/separated::$ORIGIN/../lib"
WORKING_DIRECTORY = "/cases/working"
PRELOAD = "libm.so.6 /cases/rpath/deep/libdeep.so:libnope.so"


def elf_files():
    for directory, subdirectories, names in os.walk("/"):
        subdirectories[:] = sorted(d for d in subdirectories if os.path.join(directory, d) not in PRUNED)
        for name in sorted(names):
            path = os.path.join(directory, name)
            # of links only the cases' own, to start their programs by them
            if os.path.isfile(path) and (not os.path.islink(path) or path.startswith("/cases/")):
                elf = read_elf(path)
                if elf is not None:
                    yield path, *elf


def read_elf(path):
    """The machine and the interpreter (or None) of a program or library that the loaders here can be asked about."""
    with open(path, "rb") as file:
        head = file.read(4096)
    if len(head) < 64 or head[:4] != b"\x7fELF" or head[5] != 1 or head[7] not in (0, 3):
        return None
    kind, machine = struct.unpack_from("<HH", head, 16)
    if machine not in LOADERS or kind not in (ET_EXEC, ET_DYN):
        return None
    wide = head[4] == 2
    (table,) = struct.unpack_from("<Q", head, 32) if wide else struct.unpack_from("<I", head, 28)
    size, count = struct.unpack_from("<HH", head, 54 if wide else 42)
    for at in range(table, min(table + size * count, len(head) - size), size):
        if struct.unpack_from("<I", head, at)[0] == PT_INTERP:
            (offset,) = struct.unpack_from("<Q", head, at + 8) if wide else struct.unpack_from("<I", head, at + 4)
            return machine, head[offset:].split(b"\0", 1)[0].decode()
    return machine, None


def questions():
    for path, machine, interpreter in elf_files():
        musl = "musl" in (interpreter or path)
        loader = MUSL if musl else interpreter or LOADERS[machine]
        plain = [loader, "--list", path] if musl else [loader, path]
        modes = []
        # a program with setgid would be started without its LD_ variables
        if interpreter and not musl and os.access(path, os.X_OK) and os.stat(path).st_mode & 0o6000 == 0:
            modes.append(("started", [path], {}))
        if not os.path.islink(path):
            modes.append(("plain", plain, {}))
            modes.append(("unikraft", plain, {"LD_LIBRARY_PATH": UNIKRAFT_PATH}))
            if not musl:
                modes.append(("no-cache", [loader, "--inhibit-cache", path], {}))
            if path.startswith(("/cases/", "/usr/bin/")):
                modes.append(("preload", plain, {"LD_PRELOAD": PRELOAD}))
            if path.startswith("/cases/"):
                modes.append(("odd-path", plain, {"LD_LIBRARY_PATH": ODD_PATH}))
        for mode, argv, env in modes:
            question = {"file": path, "mode": mode, "loader": loader, "argv": argv, "env": env}
            yield question, EMULATORS.get(machine)


def answer(question, emulator):
    # musl's `--list` does not look at the variable
    env = {**question["env"], "LD_TRACE_LOADED_OBJECTS": "1"}
    argv = question["argv"]
    if emulator:
        # by option, since the emulator is a program of a loader too
        settings = [word for name, value in env.items() for word in ("-E", f"{name}={value}")]
        argv, env = [emulator, *settings, *argv], {"PATH": "/usr/bin"}
    done = subprocess.run(argv, env=env, cwd=WORKING_DIRECTORY, capture_output=True, timeout=20)
    return {**question, "stdout": done.stdout.decode(), "stderr": done.stderr.decode()}


for question, emulator in questions():
    print(json.dumps(answer(question, emulator)))
