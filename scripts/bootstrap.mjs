// Runs on any Node >= 20: brings what the two README commands need, and says what it does. Each part is skipped when it is there.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))
const stamp = join(root, 'node_modules', '.bhor-installed')

export function say(text) {
  process.stderr.write(`bhor: ${text}\n`)
}

export function fail(text) {
  say(text)
  process.exit(1)
}

/** Runs a program with its output shown; ends this one when it fails. */
export function run(command, args, options = {}) {
  const done = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
    ...options,
  })
  if (done.status !== 0)
    fail(`${[command, ...args].join(' ')} failed${done.error ? ` (${done.error.message})` : ''}.`)
}

/** Installs exactly what the lock file names, the pinned Node among it. No install script of any package runs. */
export function bringPackages() {
  if (Number(process.versions.node.split('.')[0]) < 20)
    fail(`needs Node 20 or newer to start with; this is ${process.versions.node}.`)
  // The packages of another system may lie here: a folder that a container shares with its host.
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(`${process.platform}-${process.arch}`)
    .digest('hex')
  const found = existsSync(stamp) ? readFileSync(stamp, 'utf8') : ''
  if (found !== wanted || !existsSync(nodeBinary())) {
    say('installing packages (once, about a minute) …')
    run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'])
    linkPinnedNode()
    writeFileSync(stamp, wanted)
  }
  return nodeBinary()
}

/** The Node that everything else runs on: one path on every system. */
export function nodeBinary() {
  return join(root, 'node_modules', 'node', 'bin', nodeName)
}
const nodeName = process.platform === 'win32' ? 'node.exe' : 'node'

/** npm has put the package of this system's Node there, and has held it against its integrity in the lock file. */
function linkPinnedNode() {
  const manifest = join(root, 'scripts', 'pinned-node', 'package.json')
  const { version, optionalDependencies } = JSON.parse(readFileSync(manifest, 'utf8'))
  const system = `${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  const name = Object.keys(optionalDependencies).find((each) => each.endsWith(`-${system}`))
  if (name === undefined) fail(`there is no Node ${version} for ${system} among the packages of bhor.`)
  const binary = join(root, 'node_modules', name, 'bin', nodeName)
  // npm leaves an optional package out without a word.
  if (!existsSync(binary))
    fail(
      `npm did not bring ${name}@${version}: its registry lacks it, or it is not the one of package-lock.json.`,
    )
  const said = spawnSync(binary, ['--version'], { encoding: 'utf8' })
  if (said.stdout?.trim() !== `v${version}`)
    fail(`the Node ${version} of ${name} does not run here (${said.error?.code ?? `exit ${said.status}`}).`)
  rmSync(nodeBinary(), { force: true })
  mkdirSync(dirname(nodeBinary()), { recursive: true })
  linkSync(binary, nodeBinary())
}
