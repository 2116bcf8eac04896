// What a new user waits for: a cold clone to the desk, and npx with the packed package to a live account. See README.md.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { ensureBuilt } from './support/built.ts'
import { type Figure, printFigures, showProgress } from './support/figures.ts'

const { values } = parseArgs({ options: { 'empty-cache': { type: 'boolean', default: false } } })
const root = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'bhor-cold-'))
const cache = values['empty-cache'] ? { npm_config_cache: join(folder, 'cache') } : {}
const inherited = Object.entries(process.env).filter(([name]) => !/^(BHOR_|NODE_|npm_)/i.test(name))
// `npm run` puts the programs of this package in front.
const isOfPackage = (entry: string) => entry.endsWith(join('node_modules', '.bin'))
const path = (process.env.PATH ?? '').split(delimiter).filter((entry) => !isOfPackage(entry))
const env: NodeJS.ProcessEnv = {
  ...Object.fromEntries(inherited),
  PATH: path.join(delimiter),
  ...cache,
  TMPDIR: folder,
  BHOR_PORT: '0',
  BHOR_SIMULATOR_PORT: '0',
}

try {
  ensureBuilt()
  const clone = join(folder, 'clone')
  showProgress('git clone')
  const cloned = seconds(() => must('git', ['clone', '--quiet', root, clone], root))
  showProgress('npm start')
  const started = await secondsUntil(/is up at/, 'npm', ['start'], clone, { BHOR_HOME: join(folder, 'home') })
  showProgress('npm start, again')
  const again = await secondsUntil(/is up at/, 'npm', ['start'], clone, { BHOR_HOME: join(folder, 'home') })
  const packed = must('npm', ['pack', '--silent', '--pack-destination', folder], root)
  // npx brings no Node: its user has one that is new enough, if not as npm's own.
  const withNode = { BHOR_NODE: process.execPath }
  const npx = ['--yes', '--package', join(folder, packed.trim()), 'bhor', 'demo']
  showProgress('npx')
  const demo = await secondsUntil(/is live until/, 'npx', npx, folder, withNode)
  showProgress('npx, again')
  const demoAgain = await secondsUntil(/is live until/, 'npx', npx, folder, withNode)
  const where = values['empty-cache'] ? 'an empty cache of npm' : 'the cache of npm as it is'
  printFigures(`From nothing to a desk, with ${where}`, [
    told('git clone and npm start to the desk, s', cloned + started),
    told('npm start again, s', again),
    told('npx with the tarball to a live demo account, s', demo),
    told('npx again, s', demoAgain),
  ])
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function told(name: string, measured: number): Figure {
  return { name, measured: measured.toFixed(1) }
}

function seconds(work: () => void): number {
  const startedAt = performance.now()
  work()
  return (performance.now() - startedAt) / 1000
}

function must(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout } = spawnSync(command, args, {
    cwd,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed.`)
  return stdout
}

/** Until it says so; then it is ended, and waited for. */
function secondsUntil(
  said: RegExp,
  command: string,
  args: readonly string[],
  cwd: string,
  more: Readonly<Record<string, string>> = {},
): Promise<number> {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now()
    let tookMs: number | undefined
    let text = ''
    // A group of its own, ended at once: npx goes on after SIGTERM. What it leaves lies in the folder.
    const child = spawn(command, args, {
      cwd,
      env: { ...env, ...more },
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
    })
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      if (tookMs !== undefined || !said.test(text)) return
      tookMs = performance.now() - startedAt
      process.kill(-child.pid!, 'SIGKILL')
    })
    child.once('error', reject)
    child.once('close', () =>
      tookMs === undefined ? reject(new Error(`${command} ended: ${text}`)) : resolve(tookMs / 1000),
    )
  })
}
