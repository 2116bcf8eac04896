import { fileURLToPath } from 'node:url'

/** The command line of the built package: what users run, so what is measured. */
export const builtCommand = fileURLToPath(new URL('../../dist/cli/bhor.js', import.meta.url))
