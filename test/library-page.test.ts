import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { bhor, freePort, logIn, newFolder, startServer } from './support/at-the-terminal.ts'

const root = new URL('../', import.meta.url)
const page = readFileSync(new URL('docs/library.md', root), 'utf8')
const programs = [...page.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text)
const guard = new URL('test/support/loopback-only.mjs', root).href
const { exports } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as {
  exports: Record<string, { default: string }>
}

/** A program of the page as it stands there, but for where `bhor` is: in this checkout’s sources. */
function runnable(program: string): string {
  return program.replaceAll(/from '(bhor[^']*)'/g, (_, name: string) => {
    const target = exports[name.replace(/^bhor/, '.')]?.default
    assert.ok(target, `the package exports no ${name}`)
    return `from '${new URL(target.replace('./dist/', 'src/').replace(/\.js$/, '.ts'), root).href}'`
  })
}

function run(program: string, folder: string, env: NodeJS.ProcessEnv) {
  const file = join(folder, 'program.ts')
  writeFileSync(file, runnable(program))
  const args = ['--disable-warning=ExperimentalWarning', '--import', guard, file]
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env.PATH, ...env },
    cwd: fileURLToPath(root),
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  return new Promise<{ code: number | null; output: string }>((resolve) =>
    child.once('close', (code) => resolve({ code, output })),
  )
}

test('the programs of docs/library.md run as they stand there, against the simulator, and nothing leaves this computer', async () => {
  using folder = newFolder()
  const env = { ...folder.env, BHOR_PORT: String(await freePort()) }
  await bhor(env, ['accounts', 'add', 'personal', '--broker', 'kite', '--sandbox'])
  await using server = await startServer(env)
  await logIn(env, 'personal')
  const key = (await bhor(env, ['keys', 'add', 'script', '--scopes', 'read-token,status'])).stdout.trim()
  const [inProcess, fromDesk, official] = programs
  assert.equal(programs.length, 3)
  const own = { BHOR_HOME: folder.home }
  const desk = { ...own, BHOR_URL: server.origin, BHOR_KEY: key }
  const said = [
    await run(inProcess!, folder.home, own),
    await run(fromDesk!, folder.home, desk),
    await run(official!, folder.home, desk),
  ]
  assert.deepEqual(
    said.map(({ code }) => code),
    [0, 0, 0],
    said.map(({ output }) => output).join('\n'),
  )
  assert.match(said[0]!.output, /user_id: 'DM0001'/)
  assert.match(said[1]!.output, /^DM0001 2\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d/m)
  assert.match(said[2]!.output, /^\w+/)
})
