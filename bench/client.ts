// What a program pays for its sessions: a look into its memory, a wait for it, and loading `bhor/client`. See README.md.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { build } from 'vite'
import { openDesk } from './support/desk.ts'
import { bounded, type Figure, median, printFigures, quantile, showProgress } from './support/figures.ts'

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '30' }, pairs: { type: 'string', default: '40' } },
})
const rounds = Number(values.rounds)
const pairs = Number(values.pairs)
const looks = 1_000_000
const entry = new URL('../dist/client/index.js', import.meta.url).href
const face = new URL('../dist/index.js', import.meta.url).href
const { connect } = (await import(entry)) as typeof import('../src/client/index.ts')
const { openBhor } = (await import(face)) as typeof import('../src/index.ts')

const figures: Figure[] = []
await using desk = await openDesk()
await desk.start()
await desk.addAccount('demo')
await desk.logIn('demo')
const key = await desk.addKey('bench', ['read-token', 'status'])
{
  await using bhor = await connect({ url: `http://127.0.0.1:${desk.port}`, key })
  figures.push(...(await lookedAt('bhor/client', bhor)))
}
await desk.stop()
{
  await using bhor = await openBhor({ home: desk.home })
  figures.push(...(await lookedAt('bhor', bhor)))
}
figures.push(...importing(), ...(await bundled()))
showProgress('')
printFigures(`A program’s session, ${rounds} rounds of ${looks} looks; ${pairs} pairs of processes`, figures)

type Looked = Pick<Awaited<ReturnType<typeof connect>>, 'peek' | 'session'>

async function lookedAt(name: string, bhor: Looked): Promise<Figure[]> {
  const session = await bhor.session('demo')
  const map = new Map([['demo', session]])
  const times = { peek: [] as number[], map: [] as number[], first: [] as number[], wait: [] as number[] }
  for (let round = -5; round < rounds; round++) {
    showProgress(`${name}: round ${Math.max(round, 0)} of ${rounds}`)
    const took = { peek: 0, map: 0 }
    for (const side of round % 2 === 0 ? (['peek', 'map'] as const) : (['map', 'peek'] as const))
      took[side] = side === 'peek' ? nsOfPeek(bhor) : nsOfGet(map)
    const first = await nsOfEach(async () => void bhor.peek('demo'))
    const wait = await nsOfEach(() => bhor.session('demo'))
    if (round < 0) continue
    times.peek.push(took.peek)
    times.map.push(took.map)
    times.first.push(first)
    times.wait.push(wait)
  }
  const ratio = median(times.peek.map((ns, at) => ns / times.map[at]!))
  return [
    bounded(`${name}: peek() to Map.get, median of rounds`, ratio, { atMost: 3 }),
    told(`${name}: peek() in ns: best, median, p95`, times.peek),
    told('Map.get in ns: best, median, p95', times.map),
    told(`${name}: peek() after an await, with it, in ns: best, median, p95`, times.first),
    told(`${name}: await session() in ns: best, median, p95`, times.wait),
  ]
}

/** Each has a loop of its own: a loop for both is compiled for neither. */
function nsOfPeek(bhor: Looked): number {
  let found = 0
  const startedAt = performance.now()
  for (let at = 0; at < looks; at++) if (bhor.peek('demo') !== undefined) found++
  return nsEach(performance.now() - startedAt, found)
}

function nsOfGet(map: ReadonlyMap<string, unknown>): number {
  let found = 0
  const startedAt = performance.now()
  for (let at = 0; at < looks; at++) if (map.get('demo') !== undefined) found++
  return nsEach(performance.now() - startedAt, found)
}

function nsEach(ms: number, found: number): number {
  if (found !== looks) throw new Error(`${looks - found} looks found nothing.`)
  return (ms * 1e6) / looks
}

async function nsOfEach(look: () => Promise<unknown>): Promise<number> {
  const times = looks / 100
  const startedAt = performance.now()
  for (let at = 0; at < times; at++) await look()
  return ((performance.now() - startedAt) * 1e6) / times
}

/** Each in a process of its own, measured inside. */
function importing(): Figure[] {
  const folder = mkdtempSync(join(tmpdir(), 'bhor-import-'))
  try {
    const empty = join(folder, 'empty.mjs')
    writeFileSync(empty, 'export {}\n')
    const sides = { ours: entry, empty: new URL(`file://${empty}`).href }
    const times = { ours: [] as number[], empty: [] as number[] }
    for (let pair = -5; pair < pairs; pair++) {
      showProgress(`import: ${Math.max(pair, 0)} of ${pairs}`)
      for (const side of pair % 2 === 0 ? (['ours', 'empty'] as const) : (['empty', 'ours'] as const)) {
        const ms = importMs(sides[side])
        if (pair >= 0) times[side].push(ms)
      }
    }
    const more = median(times.ours.map((ms, at) => ms - times.empty[at]!))
    return [
      bounded('import bhor/client, ms over an empty module, median of pairs', more, { atMost: 15 }),
      told('import bhor/client in ms: best, median, p95', times.ours),
      told('import of an empty module in ms: best, median, p95', times.empty),
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function importMs(module: string): number {
  const program = `const at = performance.now(); await import(${JSON.stringify(module)}); console.log(performance.now() - at)`
  const done = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })
  const ms = Number(done.stdout)
  if (done.status !== 0 || !(ms > 0)) throw new Error(`The import failed: ${done.stderr}`)
  return ms
}

/** As a page loads it: what only Node loads is in files of its own. */
async function bundled(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bhor-bundle-'))
  try {
    const sizes = []
    for (const name of ['index', 'node-wire', 'fetch-wire']) {
      await build({
        configFile: false,
        logLevel: 'error',
        publicDir: false,
        build: {
          // As a server loads it: a page's bundle has Vite's own preloading in it.
          ssr: new URL(`${name}.js`, entry).pathname,
          outDir: folder,
          minify: true,
          target: 'esnext',
          rolldownOptions: {
            external: (id) => !id.includes(`${name}.js`),
            output: { entryFileNames: 'bundled.js' },
          },
        },
      })
      sizes.push(readFileSync(join(folder, 'bundled.js')).length / 1024)
    }
    const [client = 0, node = 0, page = 0] = sizes
    return [
      bounded('import bhor/client minified, in KB', client, { atMost: 15 }),
      {
        name: 'connect() loads more: in Node, elsewhere, in KB',
        measured: `${node.toFixed(2)}, ${page.toFixed(2)}`,
      },
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function told(name: string, times: readonly number[]): Figure {
  const figures = [quantile(times, 0), median(times), quantile(times, 0.95)]
  return { name, measured: figures.map((each) => each.toFixed(1)).join(', ') }
}
