/** How many samples a seeded test takes: a few wherever tests run, the full count where `KRAFT_SLIM_SOAK` is set. */
export function samples({ ci, soak }: { readonly ci: number; readonly soak: number }): number {
  return process.env.KRAFT_SLIM_SOAK === undefined ? ci : soak;
}
