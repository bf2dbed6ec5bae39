import { NOTHING, type Rule } from '../rule.ts';

/**
 * libgcc_s, which glibc opens without a link to unwind: misc/unwind-link.c, `__libc_unwind_link_get`. Without it
 * pthread_exit and pthread_cancel end the process (`libgcc_s.so.1 must be installed for pthread_exit to work`,
 * nptl/pthread_exit.c), and backtrace gives nothing (debug/backtrace.c). A thread that ends late is what a trace
 * misses.
 */
export const libgcc: Rule = {
  name: 'libgcc',
  needs: ({ libc, imports }) =>
    libc === 'glibc' && imports('pthread_exit', 'pthread_cancel', 'backtrace')
      ? { paths: [], libraries: ['libgcc_s.so.1'] }
      : NOTHING,
};
