/** Files for which a loader's trace and our closure differ, each with the line of the loader's source that explains it. */
export const KNOWN_DIFFERENCES: Readonly<Record<string, string>> = {};
