// npm run bench -- <name> [options]: installs what is missing, builds, and runs bench/<name>.ts on the pinned Node.
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { bringPackages, fail, root } from './bootstrap.mjs'

const names = readdirSync(join(root, 'bench'))
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map((file) => file.slice(0, -'.ts'.length))
const [name, ...options] = process.argv.slice(2)
if (!names.includes(name)) fail(`name one of ${names.join(', ')}: npm run bench -- token`)
const node = bringPackages()
const { build } = await import('./build.mjs')
build()
const done = spawnSync(
  node,
  ['--disable-warning=ExperimentalWarning', join(root, 'bench', `${name}.ts`), ...options],
  { cwd: root, stdio: 'inherit' },
)
process.exit(done.status ?? 1)
