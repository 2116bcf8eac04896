// npm start: installs what is missing, builds, and serves the desk on the pinned Node.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { isatty } from 'node:tty'
import { bringPackages, root } from './bootstrap.mjs'
import { untilNpmGone } from './until-npm-gone.mjs'

const node = bringPackages()
const { build } = await import('./build.mjs')
build()
const server = [node, join(root, 'dist', 'cli', 'bhor.js'), 'serve', ...process.argv.slice(2)]
// A core dump would hold every key: the shell, which becomes the server, takes that right away.
const [command, ...args] =
  process.platform === 'win32' ? server : ['/bin/sh', '-c', 'ulimit -c 0; exec "$0" "$@"', ...server]
// The channel tells the server that this one has gone, however it went.
const child = spawn(command, args, { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] })
process.on('exit', () => child.kill())
untilNpmGone(() => child.kill())
// Ctrl-C reaches both, and the server takes the second word for the first; sent to this one alone it must be passed on.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill('SIGTERM'))
// Without a terminal it is nohup that keeps it going; Node has forgotten that by now. A terminal that was closed is none any more.
const hadTerminal = [0, 1, 2].some((fd) => isatty(fd))
process.on('SIGHUP', () => hadTerminal && child.kill())
child.on('error', (error) => {
  process.stderr.write(`bhor: the server cannot be started (${error.code}).\n`)
  process.exit(1)
})
child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 0)))
