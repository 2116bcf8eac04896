// Runs on any Node >= 20: brings what the two README commands need, and says what it does. Each part is skipped when it is there.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
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

/** Installs the packages of the lock file and the pinned Node. No install script of any package runs. */
export function bringPackages() {
  if (Number(process.versions.node.split('.')[0]) < 20)
    fail(`needs Node 20 or newer to start with; this is ${process.versions.node}.`)
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  const found = existsSync(stamp) ? readFileSync(stamp, 'utf8') : ''
  if (found !== wanted || !existsSync(nodeBinary())) {
    say('installing packages (once, about a minute) …')
    // Not `npm ci`: it refuses a lock file without every platform's optional binaries, and no registry mirror need have
    // them all. With --no-save the lock file is obeyed and not written.
    run('npm', ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'])
    say('installing the pinned Node …')
    // The package `node` is a pointer; this small script of its own installs the binary for this platform.
    run(process.execPath, ['installArchSpecificPackage.js'], {
      cwd: join(root, 'node_modules', 'node'),
      env: {
        ...process.env,
        npm_config_loglevel: 'error',
        npm_config_audit: 'false',
        npm_config_fund: 'false',
      },
    })
    writeFileSync(stamp, wanted)
  }
  return nodeBinary()
}

/** The Node that everything else runs on. */
export function nodeBinary() {
  return join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
}

/** A Chromium for the browser tests: one that exists, else the system's package. Its path is left in BROWSER_FOR_TESTS. */
export function bringBrowser() {
  const found = findBrowser()
  if (found) return found
  if (process.platform !== 'linux')
    fail('no Chromium or Chrome was found. Install one, or name it in CHROMIUM.')
  const command = 'apt-get install -y --no-install-recommends chromium'
  const isRoot = process.getuid() === 0
  if (!onPath('apt-get') || !(isRoot || maySudo()))
    fail(`no Chromium or Chrome was found. As root: ${command}. Or name one in CHROMIUM.`)
  say('installing Chromium from the system’s packages (once) …')
  const apt = (...args) =>
    run(isRoot ? 'apt-get' : 'sudo', [...(isRoot ? [] : ['apt-get']), ...args], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    })
  apt('update', '-qq')
  apt(...command.split(' ').slice(1), '-qq')
  return findBrowser() ?? fail('Chromium was installed but cannot be found. Name it in CHROMIUM.')
}

/** Without being asked for a password, or with somebody there to type it. */
function maySudo() {
  return (
    onPath('sudo') &&
    (process.stdin.isTTY || spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0)
  )
}

function onPath(name) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => folder && existsSync(join(folder, name)))
}

function findBrowser() {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
  const fromPath = (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)))
  const fixed = [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ]
  return [process.env.CHROMIUM, ...fromPath, ...fixed].find((path) => path && existsSync(path))
}
