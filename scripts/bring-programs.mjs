// What the tests start beside Node, from the system's own packages: only what is missing, all of it in one go.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fail, run, say } from './bootstrap.mjs'

const needed = [
  { name: 'Chromium or Chrome', package: 'chromium', find: findBrowser },
  ...Object.entries({
    zsh: 'zsh',
    fish: 'fish',
    go: 'golang-go',
    python3: 'python3',
    curl: 'curl',
    jq: 'jq',
    ...(process.platform === 'linux' ? { 'systemd-analyze': 'systemd' } : {}),
  }).map(([name, from]) => ({ name, package: from, find: () => onPath(name) })),
]

/** @returns the path of a browser for the tests, which find all the others by their names */
export function bringPrograms() {
  const missing = needed.filter(({ find }) => !find())
  if (missing.length > 0) install(missing)
  const unfound = needed.filter(({ find }) => !find())
  if (unfound.length > 0)
    fail(`installed, and not found all the same: ${namesOf(unfound)}.${orNamed(unfound)}`)
  return findBrowser()
}

function install(missing) {
  const packages = missing.map((each) => each.package)
  const isRoot = process.getuid?.() === 0
  const command = ['apt-get', 'install', '-y', '--no-install-recommends', ...packages]
  const advice = onPath('apt-get') ? ` As root: ${command.join(' ')}.` : ''
  if (!onPath('apt-get') || !(isRoot || maySudo()))
    fail(`for the tests is missing: ${namesOf(missing)}.${advice}${orNamed(missing)}`)
  say(`installing from the system’s packages (once): ${packages.join(', ')} …`)
  const apt = (...args) =>
    run(isRoot ? 'apt-get' : 'sudo', [...(isRoot ? [] : ['apt-get']), ...args], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    })
  apt('update', '-qq')
  apt(...command.slice(1), '-qq')
}

function namesOf(programs) {
  return programs.map(({ name }) => name).join(', ')
}

function orNamed(programs) {
  return programs.some(({ find }) => find === findBrowser) ? ' A browser can be named in CHROMIUM.' : ''
}

/** Without being asked for a password, or with somebody there to type it. */
function maySudo() {
  return (
    onPath('sudo') &&
    (process.stdin.isTTY || spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0)
  )
}

function onPath(name) {
  return folders().some((folder) => existsSync(join(folder, name)))
}

function findBrowser() {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
  const fromPath = folders().flatMap((folder) => names.map((name) => join(folder, name)))
  const fixed = [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ]
  return [process.env.CHROMIUM, ...fromPath, ...fixed].find((path) => path && existsSync(path))
}

function folders() {
  return (process.env.PATH ?? '').split(delimiter).filter(Boolean)
}
