// npm run simulate -- --seeds 500 --days 30: installs what is missing, and runs simulated worlds on the pinned Node.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { bringPackages, root } from './bootstrap.mjs'

const node = bringPackages()
const done = spawnSync(
  node,
  [
    '--disable-warning=ExperimentalWarning',
    join(root, 'test/simulation/command.ts'),
    ...process.argv.slice(2),
  ],
  { cwd: root, stdio: 'inherit' },
)
process.exit(done.status ?? 1)
