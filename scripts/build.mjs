// Compiles src/ to dist/ and builds the dashboard into dist/dashboard. Skipped when nothing has changed since.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bringPackages, nodeBinary, root, run, say } from './bootstrap.mjs'

const stamp = join(root, 'dist', '.built-from')

export function build() {
  const wanted = fingerprint()
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  say('building (some seconds) …')
  rmSync(join(root, 'dist'), { recursive: true, force: true })
  run(join(root, 'node_modules', '.bin', 'tsc'), ['-p', 'tsconfig.build.json'])
  run(nodeBinary(), [join('scripts', 'bundle-entry.mjs')])
  run(nodeBinary(), [
    join('node_modules', 'vite', 'bin', 'vite.js'),
    'build',
    '-c',
    'dashboard/vite.config.ts',
    '--logLevel',
    'warn',
  ])
  writeFileSync(stamp, wanted)
}

/** Of every file that goes into the build. */
function fingerprint() {
  const hash = createHash('sha256')
  for (const name of [
    'package-lock.json',
    'package.json',
    'tsconfig.json',
    'tsconfig.build.json',
    'scripts/bundle-entry.mjs',
  ])
    hash.update(readFileSync(join(root, name)))
  const visit = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) =>
      a.name < b.name ? -1 : 1,
    )) {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) visit(path)
      else if (!/\.(test|test-d|suite)\.ts$/.test(entry.name))
        hash.update(path.slice(root.length)).update(readFileSync(path))
    }
  }
  visit(join(root, 'src'))
  visit(join(root, 'dashboard'))
  return hash.digest('hex')
}

// Also where the checkout is reached through a link.
if (realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  bringPackages()
  build()
}
