import { stripVTControlCharacters } from 'node:util';
import { vi } from 'vitest';

/** What a piece of work wrote to the standard streams of this process, colours left out, and what it gave. */
export async function captured<T>(
  work: () => Promise<T> | T,
): Promise<{ readonly value: T; readonly stdout: string; readonly stderr: string }> {
  const written = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((chunk) => {
      written[name] += stripVTControlCharacters(String(chunk));
      return true;
    }),
  );
  try {
    const value = await work();
    return { value, ...written };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
