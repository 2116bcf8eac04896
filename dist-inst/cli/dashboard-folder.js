import { fileURLToPath } from 'node:url';
/** Beside the compiled command line: `dist/dashboard`; from the sources: the same folder, if it was built. */
const isCompiled = import.meta.url.endsWith('.js');
export const dashboardFolder = fileURLToPath(new URL(isCompiled ? '../dashboard' : '../../dist/dashboard', import.meta.url));
