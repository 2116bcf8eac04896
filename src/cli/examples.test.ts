import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Command } from 'commander'
import { examples } from './examples.ts'
import { buildProgram, main } from './main.ts'

function everyCommand(command: Command, words: readonly string[] = []): [string, Command][] {
  return [
    [words.join(' '), command],
    ...command.commands.flatMap((child) => everyCommand(child, [...words, child.name()])),
  ]
}

/** The words of a line as a shell takes it apart, up to the first pipe or redirection. */
function wordsOf(line: string): string[] {
  const [own = ''] = line.replace(/^source <\((.*)\)$/, '$1').split(/ [|>]/, 1)
  return [...own.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')
}

test('every command has examples of its own, which its help shows', () => {
  const commands = everyCommand(buildProgram())
  assert.ok(commands.length > 50)
  assert.deepEqual(commands.map(([words]) => words).sort(), Object.keys(examples).sort())
  for (const [words, command] of commands) {
    const texts: string[] = []
    command.configureOutput({ writeOut: (text) => void texts.push(text) }).outputHelp()
    const help = texts.join('')
    for (const [line] of examples[words] ?? []) assert.ok(help.includes(`  ${line}  `), `${words}: ${help}`)
  }
})

test('every example is understood as it stands', async () => {
  for (const [words, all] of Object.entries(examples)) {
    assert.ok(all.length > 0, words)
    for (const [line, says] of all) {
      assert.ok(line.length + says.length < 100, line)
      const program = buildProgram([])
      const ran: string[] = []
      for (const [at, command] of everyCommand(program)) command.action(() => void ran.push(at))
      const [first, ...args] = wordsOf(line.replace(/^sudo /, ''))
      assert.equal(first, 'bhor', line)
      await program.parseAsync(args, { from: 'user' })
      // An example of a group may be one of its commands; bhor alarms is its list.
      assert.ok(
        ran.length === 1 && `${ran[0]} `.startsWith(words === '' ? '' : `${words} `),
        `${line} ran ${ran}`,
      )
    }
  }
})

test('bhor help names a command by all of its words, or the nearest one', async () => {
  const program = buildProgram([])
  const shown: string[] = []
  for (const [words, command] of everyCommand(program))
    command.configureOutput({ writeOut: () => void shown.push(words) })
  for (const words of ['', 'token', 'accounts add', 'accounts'])
    await program.parseAsync(['help', ...words.split(' ').filter(Boolean)], { from: 'user' })
  // Commander writes the examples apart.
  assert.deepEqual(
    shown.filter((words, at) => words !== shown[at - 1]),
    ['', 'token', 'accounts add', 'accounts'],
  )
  for (const [words, hint] of [
    ['tokn', 'Did you mean token?'],
    ['accounts ad', 'Did you mean add?'],
    ['nonsense-of-no-use', 'bhor help lists the commands.'],
    ['token papa', 'bhor help lists the commands.'],
  ] as const)
    await assert.rejects(main(['help', ...words.split(' ')]), { code: 'usage', hint })
})
