// npm test: installs what is missing (packages, the pinned Node, PostgreSQL, the programs of bring-programs.mjs), builds, checks, and runs every test.
// npm test -- src/session runs only the tests below a path; npm run test:long takes the large counts.
import { spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { bringPackages, root, say } from './bootstrap.mjs'
import { bringPostgres } from './bring-postgres.mjs'
import { bringPrograms } from './bring-programs.mjs'

const node = bringPackages()
const browser = bringPrograms()
const postgres = bringPostgres()
const { build } = await import('./build.mjs')
build()
const isLong = process.argv.includes('--long')
const only = process.argv.slice(2).filter((argument) => argument !== '--long')
if (only.length === 0) {
  const { check } = await import('./check.mjs')
  check()
}
const places = only.length > 0 ? only : ['src', 'test', 'dashboard', 'bench']
const patterns = places.map((place) => (place.endsWith('.ts') ? place : `${place}/**/*.test.ts`))
say(`running the tests of ${places.join(', ')} …`)
// A test that hangs ends, and its file with it: the longest takes some minutes. By itself Node leaves one core idle,
// and most of these tests wait for others.
const tests = [
  node,
  '--disable-warning=ExperimentalWarning',
  '--test',
  '--test-reporter=spec',
  `--test-timeout=${15 * 60_000 * (isLong ? 12 : 1)}`,
  '--test-force-exit',
  `--test-concurrency=${availableParallelism()}`,
  ...patterns,
]
// What npm start does too: no core dumps, which doctor would find.
const [command, ...args] =
  process.platform === 'win32' ? tests : ['/bin/sh', '-c', 'ulimit -c 0; exec "$0" "$@"', ...tests]
const done = spawnSync(command, args, {
  cwd: root,
  stdio: 'inherit',
  env: {
    ...process.env,
    ...(isLong ? { LONG_TESTS: '1' } : {}),
    ...postgres,
    BROWSER_FOR_TESTS: browser,
    TZ: process.env.TZ ?? 'UTC',
  },
})
process.exit(done.status ?? 1)
