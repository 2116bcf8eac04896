import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { runCommand } from '../support/served.ts'

const file = fileURLToPath(new URL('../support/library-program.ts', import.meta.url))

interface Running extends AsyncDisposable {
  readonly child: ChildProcess
  /** Resolves once it has printed this. */
  printed(line: string): Promise<void>
  add(account: string): void
}

function start(home: string): Running {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', file], {
    env: { PATH: process.env.PATH, BHOR_HOME: home },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = new Promise((resolve) => child.once('close', resolve))
  let output = ''
  const looks = new Set<() => void>()
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
    for (const look of looks) look()
  })
  return {
    child,
    printed: (line) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (output.split('\n').includes(line)) resolve()
        }
        looks.add(look)
        void ended.then(() => reject(new Error(`It ended before “${line}”: ${output}`)))
        look()
      }),
    add: (account) => void child.stdin.write(`${account}\n`),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** Who has the folder, as the lock says it. */
function ownerOf(home: string): number | undefined {
  try {
    return (JSON.parse(readFileSync(join(home, 'bhor.lock.owner'), 'utf8')) as { pid: number }).pid
  } catch {
    return undefined
  }
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 20))
}

test('programs share a folder: one owns it, the others go through it, and when it is killed one of them takes over', async () => {
  const home = mkdtempSync(join(tmpdir(), 'bhor-owner-'))
  try {
    await using first = start(home)
    await first.printed('ready')
    assert.equal(ownerOf(home), first.child.pid)
    await using second = start(home)
    await using third = start(home)
    const guests = [second, third]
    await Promise.all(guests.map((guest) => guest.printed('ready')))
    assert.equal(ownerOf(home), first.child.pid)
    second.add('papa')
    await second.printed('added papa, 1 in all')
    await Promise.all([first, second, third].map((each) => each.printed('heard added papa')))
    // The command line finds the owner too.
    const env = { PATH: process.env.PATH, BHOR_HOME: home }
    assert.match((await runCommand(['accounts', 'list'], env)).stdout, /papa/)

    first.child.kill('SIGKILL')
    await until(() => guests.some(({ child }) => child.pid === ownerOf(home)))
    const owner = ownerOf(home)
    for (const [at, guest] of guests.entries()) {
      guest.add(`more${at}`)
      await guest.printed(`added more${at}, ${at + 2} in all`)
    }
    assert.equal(ownerOf(home), owner, 'and nobody takes it from him')
    await Promise.all(guests.map((guest) => guest.printed('heard added more1')))
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
})
