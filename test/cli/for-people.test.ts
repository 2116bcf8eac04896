import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { bhor, commandLine, logIn, newFolder, startServer } from '../support/at-the-terminal.ts'
import { onTerminal } from '../support/pseudo-terminal.ts'

const sandbox = (account: string) => ['accounts', 'add', account, '--broker', 'kite', '--sandbox']
const anyIso = /\d{4}-\d\d-\d\dT\d\d:\d\d/
const colour = '\u001b[3'

test('colour goes to a terminal only, each of stdout and stderr for itself', async () => {
  using folder = newFolder()
  const env = { ...folder.env, TERM: 'xterm', NO_COLOR: undefined }
  await bhor(env, sandbox('demo'))
  const [out, err] = [join(folder.home, 'out'), join(folder.home, 'err')]
  await onTerminal(`${commandLine} accounts list > ${out}; ${commandLine} doctor >> ${out}`, env)
  assert.match(readFileSync(out, 'utf8'), /○ none[\s\S]*ok {2}store/)
  assert.ok(!readFileSync(out, 'utf8').includes('\u001b'))
  const { stdout } = await onTerminal(`${commandLine} doctor; ${commandLine} nonsense 2> ${err}`, env)
  assert.ok(stdout.includes(colour), stdout)
  assert.match(readFileSync(err, 'utf8'), /^bhor: Unknown command/)
  assert.ok(!readFileSync(err, 'utf8').includes('\u001b'))
})

test('an account is removed only by an answer, not by Enter', async () => {
  using folder = newFolder()
  await bhor(folder.env, sandbox('demo'))
  const asked = /Remove demo/
  const enter = await onTerminal(`${commandLine} accounts remove demo`, folder.env, [[asked, '\r']])
  assert.match(enter.stdout, /Nothing was removed/)
  assert.equal((await bhor(folder.env, ['accounts', 'show', 'demo'])).code, 0)
  const yes = await onTerminal(`${commandLine} accounts remove demo`, folder.env, [[asked, 'y']])
  assert.match(yes.stdout, /Removed demo/)
})

test('a name that is nearly an account’s is answered with it, in every command and with every server', async () => {
  using folder = newFolder()
  for (const where of ['here', 'a server']) {
    await using _server = where === 'here' ? undefined : await startServer(folder.env)
    if (where === 'here') await bhor(folder.env, sandbox('papa'))
    for (const args of [
      ['token', 'ppa'],
      ['token', 'papaa', '--json'],
      ['status', 'pappa'],
      ['accounts', 'show', 'papa2'],
      ['login', 'paap', '--no-browser'],
      ['test', 'paa'],
      ['logout', 'papo'],
    ]) {
      const { code, stderr } = await bhor(folder.env, args)
      assert.equal(code, 3, stderr)
      assert.match(stderr, /no account of this name\.\n {6}Try: Did you mean papa\?\n/, args.join(' '))
    }
    assert.match(
      (await bhor(folder.env, ['status', 'somebody-else'])).stderr,
      /accounts list shows the names/,
    )
  }
})

test('sentences tell the time in India with its day; JSON keeps UTC', async () => {
  using folder = newFolder()
  await using _server = await startServer(folder.env)
  await bhor(folder.env, sandbox('demo'))
  assert.equal((await logIn(folder.env, 'demo')).code, 0)
  assert.equal((await bhor(folder.env, ['test', 'demo'])).code, 0)
  const day = /\w{3} \d{1,2} \w{3} \d\d:\d\d IST/
  for (const args of [['accounts', 'show', 'demo'], ['status', 'demo'], ['audit']]) {
    const { stdout } = await bhor(folder.env, args)
    assert.doesNotMatch(stdout, anyIso, args.join(' '))
    if (args[0] !== 'audit') assert.match(stdout, new RegExp(`last login: .*${day.source}`))
    if (args[0] !== 'audit') assert.match(stdout, new RegExp(`last test: .* at ${day.source}`))
  }
  assert.match((await bhor(folder.env, ['audit', '--json'])).stdout, anyIso)
  await bhor(folder.env, ['logout', 'demo'])
  const gone = await bhor(folder.env, ['token', 'demo'])
  assert.match(gone.stderr, new RegExp(`was logged out at ${day.source}`))
})

test('no hint has a blank to fill in', async () => {
  using folder = newFolder()
  await bhor(folder.env, sandbox('demo'))
  for (const [args, input] of [
    [['login', 'demo', '--paste'], ''],
    [['keys', 'list'], ''],
    [['keys', 'revoke'], ''],
    [['login'], ''],
    [['token', 'demo'], ''],
    [['logout', 'demo'], ''],
    [['nonsense'], ''],
    [['accounts', 'add'], ''],
  ] as const) {
    const { stderr } = await bhor(folder.env, args, input)
    assert.doesNotMatch(stderr, /<\w+>/, args.join(' '))
  }
  assert.match((await bhor(folder.env, ['login', 'demo', '--paste'], '')).stderr, /bhor login demo --paste/)
})

test('the env format is the same by eval, by export $(…) and as an env file', async () => {
  using folder = newFolder()
  await using _server = await startServer(folder.env)
  await bhor(folder.env, sandbox('demo'))
  assert.equal((await logIn(folder.env, 'demo')).code, 0)
  const raw = (await bhor(folder.env, ['token', 'demo'])).stdout.trim()
  const { stdout } = await bhor(folder.env, ['token', 'demo', '--format', 'env'])
  assert.doesNotMatch(stdout, /['"]/)
  const show = 'printf %s "$BHOR_ACCESS_TOKEN $BHOR_ACCOUNT $BHOR_BASE_URL"'
  for (const load of [
    `export $(${commandLine} token demo --format env)`,
    `eval "$(${commandLine} token demo --format env)"`,
  ]) {
    const shown = execFileSync('/bin/sh', ['-c', `${load}; ${show}`], { env: folder.env, encoding: 'utf8' })
    assert.match(shown, new RegExp(`^${raw} demo http://\\S+$`))
  }
})

test('the file that opens the browser is where a confined browser can read it, and only its owner', async () => {
  using folder = newFolder()
  const [home, tools] = [join(folder.home, 'user'), join(folder.home, 'tools')]
  mkdirSync(home)
  mkdirSync(tools)
  writeFileSync(join(tools, 'xdg-open'), '#!/bin/sh\nprintf %s "$1" > "$SEEN"\n')
  chmodSync(join(tools, 'xdg-open'), 0o755)
  const seen = join(folder.home, 'seen')
  const env = { ...folder.env, HOME: home, PATH: `${tools}:${process.env.PATH}`, SEEN: seen }
  await using _server = await startServer(env)
  await bhor(env, sandbox('demo'))
  const shown = onTerminal(`timeout -s INT 8 ${commandLine} login demo`, env)
  let mode = 0
  for (
    const end = Date.now() + 15_000;
    Date.now() < end && mode === 0;
    await new Promise((r) => setTimeout(r, 50))
  ) {
    const [name] = readdirSync(home).filter((each) => each.endsWith('.html'))
    if (name === undefined || !existsSync(seen)) continue
    assert.equal(readFileSync(seen, 'utf8'), `file://${join(home, name)}`)
    assert.doesNotMatch(name, /^\./)
    mode = statSync(join(home, name)).mode & 0o777
  }
  assert.equal(mode, 0o600)
  await shown
  assert.deepEqual(
    readdirSync(home).filter((each) => each.endsWith('.html')),
    [],
  )
})

test('what would be asked without a terminal is said, with the option that answers it', async () => {
  using folder = newFolder()
  await using _server = await startServer(folder.env)
  await bhor(folder.env, sandbox('demo'))
  const { code, stderr } = await bhor(folder.env, ['accounts', 'remove', 'demo'])
  assert.equal(code, 2)
  assert.match(stderr, /Remove demo\?.*no terminal/)
  assert.match(stderr, /Try: .*--yes/)
  assert.equal((await bhor(folder.env, ['accounts', 'remove', 'demo', '--yes'])).code, 0)
})
