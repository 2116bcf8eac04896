// `bhor token` as a whole process against `node -e 0` of the same Node. See README.md.
import { spawn } from 'node:child_process'
import { parseArgs } from 'node:util'
import { builtCommand } from './support/built.ts'
import { openDesk } from './support/desk.ts'
import { bounded, type Figure, median, printFigures, quantile, showProgress } from './support/figures.ts'

const { values } = parseArgs({ options: { pairs: { type: 'string', default: '60' } } })
const pairs = Number(values.pairs)
const warmUps = 5

await using desk = await openDesk()
await desk.start()
await desk.addAccount('demo')
await desk.logIn('demo')

const token: number[] = []
const empty: number[] = []
const ratios: number[] = []
for (let pair = -warmUps; pair < pairs; pair++) {
  showProgress(`${Math.max(pair, 0)} of ${pairs}`)
  const [tokenMs, emptyMs] =
    pair % 2 === 0
      ? [await tookMs([builtCommand, 'token', 'demo'], /^\w{32}\n$/), await tookMs(['-e', '0'], /^$/)]
      : [
          await tookMs(['-e', '0'], /^$/),
          await tookMs([builtCommand, 'token', 'demo'], /^\w{32}\n$/),
        ].reverse()
  if (pair < 0) continue
  token.push(tokenMs!)
  empty.push(emptyMs!)
  ratios.push(tokenMs! / emptyMs!)
}
showProgress('')

printFigures(`bhor token, a whole process, ${pairs} pairs`, [
  bounded('to node -e 0, median of pairs', median(ratios), { atMost: 1.4 }),
  told('bhor token in ms: best, median, p95', token),
  told('node -e 0 in ms: best, median, p95', empty),
])

/** From the start of the process to its end; what it prints is checked. */
function tookMs(args: readonly string[], expected: RegExp): Promise<number> {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now()
    const child = spawn(process.execPath, args, {
      env: { PATH: process.env.PATH, ...desk.env },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let printed = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text
    })
    child.once('close', () => {
      const endedAt = performance.now()
      if (expected.test(printed)) resolve(endedAt - startedAt)
      else reject(new Error(`${args.at(-1)} printed ${printed.length} characters that were not expected.`))
    })
  })
}

function told(name: string, times: readonly number[]): Figure {
  const figures = [quantile(times, 0), median(times), quantile(times, 0.95)]
  return { name, measured: figures.map((ms) => ms.toFixed(1)).join(', ') }
}
