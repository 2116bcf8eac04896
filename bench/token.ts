// `bhor token`, `bhor wait` and the start of `bhor exec` for a live account, each as a whole process, against `node -e 0` of the same Node. See README.md.
import { spawn } from 'node:child_process'
import { parseArgs } from 'node:util'
import { builtCommand, installedCommand } from './support/built.ts'
import { openDesk } from './support/desk.ts'
import { bounded, type Figure, median, printFigures, quantile, showProgress } from './support/figures.ts'

const { values } = parseArgs({ options: { pairs: { type: 'string', default: '60' } } })
const pairs = Number(values.pairs)
const warmUps = 5

await using desk = await openDesk()
await desk.start()
await desk.addAccount('demo')
await desk.logIn('demo')

const key = await desk.addKey('token bench')
const overTcp = { BHOR_URL: `http://127.0.0.1:${desk.port}`, BHOR_KEY: key }
interface Row {
  readonly name: string
  readonly args: readonly string[]
  readonly expected: RegExp
  readonly env: Readonly<Record<string, string>>
  /** Only told where there is none. */
  readonly atMost: number | undefined
  readonly program?: string
}
const commands = [
  { name: 'bhor token', args: ['token', 'demo'], expected: /^\w{32}\n$/, env: {}, atMost: 1.4 },
  { name: 'bhor wait', args: ['wait', 'demo'], expected: /^$/, env: {}, atMost: 1.5 },
  {
    name: 'bhor exec, to the start of its program',
    args: ['exec', 'demo', '--', 'echo', 'up'],
    expected: /^up\n$/,
    env: {},
    atMost: 1.5,
  },
  { name: 'bhor --version', args: ['--version'], expected: /^\d+\.\d+\.\d+\n$/, env: {}, atMost: 1.4 },
  // As npm installs it: the file that finds a Node comes first.
  {
    name: 'bhor token, installed',
    args: ['token', 'demo'],
    expected: /^\w{32}\n$/,
    env: {},
    atMost: undefined,
    program: installedCommand,
  },
  // Before it sends the key, the server has to prove itself.
  {
    name: 'bhor token over TCP',
    args: ['token', 'demo'],
    expected: /^\w{32}\n$/,
    env: overTcp,
    atMost: undefined,
  },
] as const satisfies readonly Row[]

const figures: Figure[] = []
for (const { name, args, expected, env, atMost, program = builtCommand } of commands as readonly Row[]) {
  const ours: number[] = []
  const empty: number[] = []
  const measure = {
    ours: () => tookMs([program, ...args], expected, env),
    empty: () => tookMs(['-e', '0'], /^$/),
  }
  for (let pair = -warmUps; pair < pairs; pair++) {
    showProgress(`${name}: ${Math.max(pair, 0)} of ${pairs}`)
    const took = { ours: 0, empty: 0 }
    for (const side of pair % 2 === 0 ? (['ours', 'empty'] as const) : (['empty', 'ours'] as const))
      took[side] = await measure[side]()
    if (pair < 0) continue
    ours.push(took.ours)
    empty.push(took.empty)
  }
  showProgress('')
  const ratio = median(ours.map((ms, at) => ms / empty[at]!))
  const figure = `${name} to node -e 0, median of pairs`
  figures.push(
    atMost === undefined ? { name: figure, measured: ratio.toFixed(2) } : bounded(figure, ratio, { atMost }),
    told(`${name} in ms: best, median, p95`, ours),
    told('node -e 0 in ms: best, median, p95', empty),
  )
}
printFigures(`What scripts run, a whole process each, ${pairs} pairs`, figures)

/** From the start of the process to the first that it prints, or to its end; what it prints is checked. */
function tookMs(
  args: readonly string[],
  expected: RegExp,
  env: Readonly<Record<string, string>> = {},
  isStart = args.includes('exec'),
): Promise<number> {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now()
    const child = spawn(process.execPath, args, {
      env: { PATH: process.env.PATH, ...desk.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let printed = ''
    let endedAt = 0
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text
      if (isStart) endedAt = performance.now()
    })
    child.once('close', () => {
      endedAt ||= performance.now()
      if (expected.test(printed)) resolve(endedAt - startedAt)
      else reject(new Error(`${args.at(-1)} printed ${printed.length} characters that were not expected.`))
    })
  })
}

function told(name: string, times: readonly number[]): Figure {
  const figures = [quantile(times, 0), median(times), quantile(times, 0.95)]
  return { name, measured: figures.map((ms) => ms.toFixed(1)).join(', ') }
}
