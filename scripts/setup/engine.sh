# shellcheck shell=bash
# A Docker Engine that answers. Never a second daemon: where one runs, or is meant to run elsewhere, it is waited for or complained of.

engine_log=/var/log/dockerd.log
engine_wait_seconds=60

# The distribution's own client is preferred: it is of the same version as its engine.
docker_client() {
  if [ -x /usr/bin/docker ]; then echo /usr/bin/docker; else command -v docker; fi
}

docker_() { "$(docker_client)" "$@" 8>&- 9>&-; }

# Asks as the user would: the client knows DOCKER_HOST, contexts, TLS and ssh.
engine_answers() {
  if docker_client >/dev/null; then
    bounded 15 "$(docker_client)" version --format '{{.Server.APIVersion}}' >/dev/null 2>&1
  else
    socket_answers
  fi
}

engine_complaint() { docker_ version --format '{{.Server.APIVersion}}' 2>&1 >/dev/null | tail -n 1; }

socket_answers() {
  [ -S /var/run/docker.sock ] && node --input-type=module --eval "
    import http from 'node:http';
    http.get({ socketPath: '/var/run/docker.sock', path: '/_ping', timeout: 10_000 }, (answer) => process.exit(answer.statusCode === 200 ? 0 : 1))
      .on('timeout', () => process.exit(1)).on('error', () => process.exit(1));" 8>&- 9>&-
}

# Where the user has pointed at an engine of their own, none is started here in its stead.
engine_chosen_by_user() {
  case ${DOCKER_HOST:-} in
    '' | unix:///var/run/docker.sock | unix:///run/docker.sock) ;;
    *) echo "DOCKER_HOST=$DOCKER_HOST"; return 0 ;;
  esac
  docker_client >/dev/null || return 1
  local context
  context=$(docker_ context show 2>/dev/null || docker_ context ls --format '{{if .Current}}{{.Name}}{{end}}' 2>/dev/null | tr -d '\n')
  case $context in '' | default) return 1 ;; *) echo "docker context $context" ;; esac
}

# is_running NAME [PID]: by /proc, since a small Debian has no pgrep.
is_running() {
  local comm name
  for comm in /proc/${2:-[0-9]*}/comm; do
    { read -r name <"$comm"; } 2>/dev/null || continue
    [ "$name" != "$1" ] || return 0
  done
  return 1
}

ensure_engine() {
  if ! docker_client >/dev/null && engine_answers; then
    fail 'a Docker Engine answers, but there is no docker client to talk to it' 'install one: apt-get install docker-cli (Debian 13, Ubuntu), or docker.io'
  fi
  ! engine_answers || return 0

  local chosen
  if chosen=$(engine_chosen_by_user); then
    fail "the Docker Engine of $chosen does not answer: $(engine_complaint)" 'start it, or unset that choice'
  fi
  [ "$(uname -s)" = Linux ] || fail 'no Docker Engine answers' 'start Docker Desktop, colima or the like: https://docs.docker.com/engine/install/'
  is_root || fail "no Docker Engine answers: $(engine_complaint)" \
    'run this script as root, or install and start one: https://docs.docker.com/engine/install/' \
    'where one runs, your user may have to join the group docker'
  if ! have dockerd; then install_engine; fi
  start_engine
}

install_engine() {
  apt_can docker.io
  # docker.io only recommends these: certificates for a registry, cgroups where no init has mounted them, and the
  # parser without which no container starts where the kernel enforces AppArmor.
  local packages=(docker.io ca-certificates cgroupfs-mount)
  if grep -qs Y /sys/module/apparmor/parameters/enabled; then packages+=(apparmor); fi
  apt_install "${packages[@]}"
  # From Debian 13 on the client is a package of its own.
  docker_client >/dev/null || apt_install docker-cli
  # The package may have started it: it is given a moment to show.
  sleep 1
}

start_engine() {
  local log_lines=0 pid=''
  if is_running dockerd; then
    say 'a dockerd runs and does not answer yet: waiting for it'
  elif [ -d /run/systemd/system ]; then
    say 'starting docker.service'
    quietly systemctl start docker.service || fail 'docker.service does not start' 'journalctl -u docker.service'
  else
    say "starting dockerd (log: $engine_log)"
    remove_stale_pid_files
    if have cgroupfs-mount && ! grep -q ' /sys/fs/cgroup' /proc/mounts; then cgroupfs-mount || true; fi
    [ ! -f "$engine_log" ] || log_lines=$(wc -l <"$engine_log")
    (cd / && exec setsid nohup dockerd) >>"$engine_log" 2>&1 </dev/null 8>&- 9>&- &
    pid=$!
  fi
  wait_for_engine "$pid" "$log_lines"
}

# After a hard stop the pid files name processes that are gone, or others that have got their numbers since.
remove_stale_pid_files() {
  local file=/var/run/docker/containerd/containerd.pid
  rm -f /var/run/docker.pid
  if [ -f "$file" ] && ! is_running containerd "$(cat "$file")"; then rm -f "$file"; fi
}

# wait_for_engine PID LINES: PID of what was started here, or nothing; LINES the log had before.
wait_for_engine() {
  local deadline=$((SECONDS + engine_wait_seconds)) why="has not answered in $engine_wait_seconds seconds"
  while [ "$SECONDS" -lt "$deadline" ]; do
    ! engine_answers || return 0
    if [ -n "$1" ] && ! kill -0 "$1" 2>/dev/null; then why='has ended'; break; fi
    sleep 0.3
  done
  [ -z "$1" ] || kill "$1" 2>/dev/null || true
  if [ -f "$engine_log" ]; then tail -n "+$(($2 + 1))" "$engine_log" | tail -n 20 | sed 's/^/       /' >&2; fi
  fail "dockerd $why" "its last lines are above; all of them in $engine_log"
}
