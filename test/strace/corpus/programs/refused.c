#define _GNU_SOURCE
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <unistd.h>

/* Calls that come back with ENOSYS or EPERM, then once more where they succeed; a child that crashes. */
static struct sock_filter deny[] = {
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_io_uring_setup, 2, 0),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_setuid, 2, 0),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 38),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 1),
};

int main(void) {
  struct sock_fprog program = {sizeof deny / sizeof *deny, deny};
  char params[120] = {0};
  pid_t child = fork();
  if (child == 0) {
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
    syscall(SYS_io_uring_setup, 4, params);
    syscall(SYS_setuid, 65534);
    *(volatile char *)8 = 1;
  }
  wait(0);
  recvmmsg(-1, 0, 0, MSG_DONTWAIT, 0);
  setuid(65534);
  setuid(65534);
  return 0;
}
