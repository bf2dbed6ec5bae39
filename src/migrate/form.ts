/** What `migrate --to` leads to: a newer spec, or a root file system in erofs. */
export const FORMS = ['v0.7', 'erofs'] as const;
export type Form = (typeof FORMS)[number];

/** A text in the wanted form, which may be the same text; or why it stays as it is. */
export type Migrated = { readonly text: string } | { readonly kept: string };
