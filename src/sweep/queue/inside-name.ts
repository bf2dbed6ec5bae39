/** Whether a name, `/` between its parts, leads to a place inside of the directory that it is relative to. */
export function isInsideName(name: string): boolean {
  const parts = name.replace(/\/$/, '').split('/');
  return parts.every((part) => part !== '' && part !== '.' && part !== '..' && !part.includes('\0'));
}
