// npm start: installs what is missing, builds, and serves the desk on the pinned Node.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { bringPackages, root } from './bootstrap.mjs'

const node = bringPackages()
const { build } = await import('./build.mjs')
build()
const child = spawn(node, [join(root, 'dist', 'cli', 'bhor.js'), 'serve', ...process.argv.slice(2)], {
  stdio: 'inherit',
})
// The terminal signals both; this one only waits for the child to end well.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => (signal === 'SIGINT' ? undefined : child.kill(signal)))
child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 0)))
