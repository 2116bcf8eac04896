// npm run pictures: builds, and takes the pictures of the README anew, from the simulator, on the pinned Node.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { bringPackages, root } from './bootstrap.mjs'

const node = bringPackages()
const { build } = await import('./build.mjs')
build()
const done = spawnSync(
  node,
  ['--disable-warning=ExperimentalWarning', join(root, 'scripts/pictures.ts'), ...process.argv.slice(2)],
  { cwd: root, stdio: 'inherit' },
)
process.exit(done.status ?? 1)
