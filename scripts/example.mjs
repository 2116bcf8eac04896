// npm run example NAME: builds, and runs examples/NAME.js on the pinned Node.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { bringPackages, root, say } from './bootstrap.mjs'

const [name = '', ...rest] = process.argv.slice(2)
const file = join(root, 'examples', `${name}.js`)
if (!/^[a-z][a-z0-9-]*$/.test(name) || !existsSync(file)) {
  say('name one of the examples: npm run example upstox-demo')
  process.exit(2)
}
const node = bringPackages()
const { build } = await import('./build.mjs')
build()
process.exit(spawnSync(node, [file, ...rest], { stdio: 'inherit' }).status ?? 1)
