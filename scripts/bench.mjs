// npm run bench -- <name> [options]: installs what is missing, builds, and runs bench/<name>.ts on the pinned Node.
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { bringPackages, fail, root } from './bootstrap.mjs'
import { bringPostgres } from './bring-postgres.mjs'

const names = readdirSync(join(root, 'bench'))
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map((file) => file.slice(0, -'.ts'.length))
const [name, ...options] = process.argv.slice(2)
if (!names.includes(name)) fail(`name one of ${names.join(', ')}: npm run bench -- token`)
const node = bringPackages()
const { build } = await import('./build.mjs')
build()
const file = join(root, 'bench', `${name}.ts`)
const needsPostgres = readFileSync(file, 'utf8').includes('support/postgres.ts')
const done = spawnSync(node, ['--expose-gc', '--disable-warning=ExperimentalWarning', file, ...options], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, ...(needsPostgres ? bringPostgres() : {}) },
})
process.exit(done.status ?? 1)
