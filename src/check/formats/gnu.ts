import { linesDocument } from '../../words/document.ts';
import type { Format } from './format.ts';
import { pathOf } from './paths.ts';

/**
 * A line for each finding, as compilers print them, for editors and for other programs that read lines:
 * https://www.gnu.org/prep/standards/html_node/Errors.html.
 */
export const gnu: Format = {
  name: 'gnu',
  show: (shown) =>
    linesDocument(
      shown.findings.map(({ code, severity, file, place, message, source }) => {
        const at = source === null ? '' : `:${place.line}:${place.column}`;
        return `${pathOf(file, shown)}${at}: ${severity}: ${message} [${code}]`;
      }),
    ),
};
