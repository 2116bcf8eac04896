// Types, format and lint, over everything.
import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bringPackages, root, run, say } from './bootstrap.mjs'

const bin = (name) => join(root, 'node_modules', '.bin', name)

export function check() {
  say('checking types, format and lint …')
  run(bin('tsc'), ['--noEmit', '-p', '.'])
  run(bin('biome'), ['ci', '--error-on-warnings'])
  run(bin('oxlint'), [
    '--type-aware',
    '--deny-warnings',
    '-c',
    '.oxlintrc.json',
    'src',
    'test',
    'dashboard',
    'bench',
  ])
}

// Also where the checkout is reached through a link.
if (realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  bringPackages()
  check()
}
