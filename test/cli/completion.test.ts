import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { bhor, commandLine, newFolder, startServer } from '../support/at-the-terminal.ts'
import { onTerminal } from '../support/pseudo-terminal.ts'

const shells = ['bash', 'zsh', 'fish', 'powershell'] as const
const scripts: Partial<Record<(typeof shells)[number], string>> = {}

before(async () => {
  using folder = newFolder()
  for (const shell of shells) {
    const { code, stdout, stderr } = await bhor(folder.env, ['completion', shell])
    assert.deepEqual([code, stderr], [0, ''])
    scripts[shell] = stdout
  }
})

/** A folder with a command `bhor` in it, and how a shell finds it. */
function withCommand() {
  const folder = newFolder()
  const bin = join(folder.home, 'bin')
  mkdirSync(bin)
  writeFileSync(join(bin, 'bhor'), `#!/bin/sh\nexec ${commandLine} "$@"\n`, { mode: 0o755 })
  return Object.assign(folder, { env: { ...folder.env, PATH: `${bin}:${process.env.PATH}` } })
}

/** What a program of a shell prints, without a settings file of the user's. */
function printed(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve, reject) =>
    execFile(command, args, { env }, (error, stdout, stderr) =>
      error || stderr ? reject(new Error(`${error?.message}${stderr}`)) : resolve(stdout),
    ),
  )
}

/** What bash offers behind each line, all in one bash. */
async function offeredByBash(env: NodeJS.ProcessEnv, lines: readonly string[]): Promise<string[][]> {
  const asks = lines.map((line) => {
    const words = line.split(/ |(=)/).filter((word) => word !== undefined)
    return `COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _bhor; echo "\${COMPREPLY[*]}"`
  })
  const text = await printed(
    'bash',
    ['--norc', '--noprofile', '-c', `${scripts.bash}\n${asks.join('\n')}`],
    env,
  )
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split(' ').filter(Boolean))
}

test('bash completes commands, options, values, accounts and files', async () => {
  using folder = withCommand()
  await using _server = await startServer(folder.env)
  for (const account of ['papa', 'mama'])
    await bhor(folder.env, ['accounts', 'add', account, '--broker', 'kite', '--sandbox'])
  const file = join(folder.home, 'secret.txt')
  writeFileSync(file, '')
  const rows: [line: string, offered: string[]][] = [
    ['bhor ac', ['accounts']],
    ['bhor accounts ', ['add', 'edit', 'list', 'show', 'confirm', 'hook', 'remove', 'import']],
    ['bhor accounts s', ['show']],
    ['bhor token ', ['mama', 'papa']],
    ['bhor token p', ['papa']],
    ['bhor token --format ', ['raw', 'json', 'env']],
    ['bhor token --format=j', ['json']],
    ['bhor token --format=', ['raw', 'json', 'env']],
    ['bhor token --min-life 20m m', ['mama']],
    ['bhor token --m', ['--min-life']],
    ['bhor login mama p', ['papa']],
    ['bhor login --method d', ['direct']],
    ['bhor accounts add ', []],
    ['bhor accounts edit papa --rename ', []],
    ['bhor audit --account m', ['mama']],
    [`bhor accounts add x --api-secret-file ${folder.home}/sec`, [file]],
    ['bhor help acc', ['accounts']],
    ['bhor service in', ['install']],
    ['bhor nonsense ', (await offeredByBash(folder.env, ['bhor ']))[0]!],
  ]
  const offered = await offeredByBash(
    folder.env,
    rows.map(([line]) => line),
  )
  for (const [at, [line, wanted]] of rows.entries()) assert.deepEqual(offered[at], wanted, line)

  // As a person does it: Tab, and Enter.
  const script = join(folder.home, 'completion.bash')
  writeFileSync(script, scripts.bash!)
  const typed = await onTerminal(`PS1='ready> ' bash --norc --noprofile -i`, folder.env, [
    [/ready> /, `source ${script}; echo sour''ced\n`],
    [/sourced/, 'bhor accounts sh\tpap\t--js\t\n'],
    [/"account": "papa"/, 'exit\n'],
  ])
  assert.match(typed.stdout, /"account": "papa"/)
})

test('without a desk the names are nothing at all, quickly and quietly', async () => {
  using folder = withCommand()
  assert.deepEqual(await offeredByBash(folder.env, ['bhor token ', 'bhor ser']), [[], ['serve', 'service']])
  for (const env of [
    folder.env,
    { ...folder.env, BHOR_URL: 'http://127.0.0.1:9', BHOR_KEY: `bhor_${'k'.repeat(43)}` },
  ]) {
    const { code, stdout, stderr } = await bhor(env, ['completion', '--accounts'])
    assert.deepEqual([code, stdout, stderr], [0, '', ''])
  }
})

test('a shell that is not named, or that nobody knows', async () => {
  using folder = newFolder()
  for (const args of [[], ['tcsh']]) {
    const { code, stdout, stderr } = await bhor(folder.env, ['completion', ...args])
    assert.deepEqual([code, stdout], [2, ''])
    assert.match(stderr, /bash, zsh, fish, powershell/)
  }
})

/** Behind each answer. */
const answered = '--answered'

/** How the other shells are asked what they offer behind each line: all in one shell. */
const others: Readonly<Record<'zsh' | 'fish', (script: string, lines: readonly string[]) => string[]>> = {
  // Asks the function itself, with the two builtins replaced that show a menu.
  zsh: (script, lines) => [
    '-fc',
    `autoload -U compinit; compinit -D
${script}
compadd() { shift; print -l -- "$@" }
_describe() { print -l -- \${found%%:*} }
${lines
  .map((line) => line.split(' '))
  .map(
    (words) =>
      `words=(${words.map((word) => `'${word}'`).join(' ')}); CURRENT=${words.length}; _bhor; echo ${answered}`,
  )
  .join('\n')}`,
  ],
  fish: (script, lines) => [
    '-Nc',
    `${script}\n${lines.map((line) => `complete -C '${line}'; echo ${answered}`).join('\n')}`,
  ],
}

test('zsh and fish complete the same', async () => {
  using folder = withCommand()
  await using _server = await startServer(folder.env)
  await bhor(folder.env, ['accounts', 'add', 'papa', '--broker', 'kite', '--sandbox'])
  const rows: [line: string, offered: string[]][] = [
    ['bhor accounts ', ['add', 'confirm', 'edit', 'hook', 'import', 'list', 'remove', 'show']],
    ['bhor token ', ['papa']],
    ['bhor login --method ', ['approval', 'direct', 'pasted', 'redirect']],
    ['bhor token --', ['--format', '--help', '--json', '--kind', '--min-life']],
  ]
  const lines = rows.map(([line]) => line)
  for (const shell of ['zsh', 'fish'] as const) {
    const text = await printed(shell, others[shell](scripts[shell]!, lines), folder.env)
    const offered = text.split(`${answered}\n`)
    for (const [at, [line, wanted]] of rows.entries()) {
      const words = offered[at]!.split('\n').map((each) => each.split('\t', 1)[0]!)
      assert.deepEqual(words.filter(Boolean).sort(), wanted, `${shell}: ${line}`)
    }
  }
})
