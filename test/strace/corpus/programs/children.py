import subprocess, os
subprocess.run(["/bin/echo", "a b", "caf\u00e9", "q\"q"], close_fds=False)
subprocess.run(["/usr/bin/env", "true"], cwd="/srv/demo/threads")
p = os.fork()
if p == 0:
    os.execv("/bin/false", ["false"])
os.waitpid(p, 0)
try: subprocess.run(["/srv/demo/no-such-program"])
except FileNotFoundError: pass
