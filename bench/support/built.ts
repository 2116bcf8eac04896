import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The command line of the built package: what users run, so what is measured. */
export const builtCommand = fileURLToPath(new URL('../../dist/cli/bhor.js', import.meta.url))

/** What npm links as `bhor`: it goes on in the same process where its Node is new enough. */
export const installedCommand = fileURLToPath(new URL('../../dist/cli/launcher.cjs', import.meta.url))

/** Builds the package where the build is missing or older than the sources. */
export function ensureBuilt(): void {
  const script = fileURLToPath(new URL('../../scripts/build.mjs', import.meta.url))
  const done = spawnSync(process.execPath, [script], { stdio: ['ignore', 'inherit', 'inherit'] })
  if (done.status !== 0) throw new Error('The build failed.')
}
