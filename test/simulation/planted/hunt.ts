import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { simulateMany } from '../many.ts'
import type { NamedTest, PlantedBug } from './bug.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const days = 3

/** What became of a bug. */
export interface Finding {
  readonly bug: PlantedBug
  /** What has found it; undefined when nothing did. */
  readonly by?: { readonly place: string; readonly words: string } | undefined
}

export async function hunt(bug: PlantedBug, seeds: number): Promise<Finding> {
  const by = bug.caughtBy === 'simulation' ? await bySimulation(bug, seeds) : await byTest(bug, bug.caughtBy)
  return { bug, by }
}

export function lineOf({ bug, by }: Finding): string {
  return `${bug.name}: ${by ? `${by.place}, ${by.words}` : 'NOBODY'}`
}

/** The first world in which something is not as it must be. */
async function bySimulation({ edits }: PlantedBug, seeds: number): Promise<Finding['by']> {
  const orders = Array.from({ length: seeds }, (_, at) => ({ seed: at + 1, days, edits }))
  const results = await simulateMany(orders, undefined, ({ failure }) => failure !== undefined)
  const [first] = results.filter(({ failure }) => failure).sort((a, b) => a.seed - b.seed)
  const text = first?.failure?.text.split('\n')[0]?.replace(/^Violation: /, '')
  return text === undefined ? undefined : { place: `seed ${first!.seed}`, words: text }
}

async function byTest({ name }: PlantedBug, { file, test }: NamedTest): Promise<Finding['by']> {
  return (await failing(file, test, name)) ? { place: file, words: test } : undefined
}

/**
 * Whether the test fails, with a bug planted when one is named.
 *
 * @throws when there is no such test, or nothing can be run
 */
export function failing(file: string, test: string, bug?: string): Promise<boolean> {
  const planting = new URL('./in-test.ts', import.meta.url)
  if (bug !== undefined) planting.searchParams.set('bug', bug)
  const pattern = `^${test.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&')}`
  const args = [
    '--disable-warning=ExperimentalWarning',
    ...(bug === undefined ? [] : ['--import', planting.href]),
    '--test-reporter=tap',
    `--test-name-pattern=${pattern}`,
    file,
  ]
  // A test that runs this is told of by its own runner; what the child says must be read here.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', () => {
      const verdict = /^(not ok|ok) \d+ - (?!.*# SKIP)/m.exec(said)
      if (verdict) resolve(verdict[1] === 'not ok')
      else reject(new Error(`${file} has no test “${test}” that runs:\n${said}`))
    })
  })
}
