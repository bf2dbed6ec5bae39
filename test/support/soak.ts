/** How many samples a test takes: few in the tests of every day, all of them with `KRAFT_SLIM_SOAK=1`. */
export function samples({ ci, soak }: { readonly ci: number; readonly soak: number }): number {
  return isSoak() ? soak : ci;
}

/** Whether the tests run at full length. */
export function isSoak(): boolean {
  return process.env.KRAFT_SLIM_SOAK === '1';
}
