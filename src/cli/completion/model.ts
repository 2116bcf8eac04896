import type { Command, Option } from 'commander'
import { type AnyLeanCommand, leanCommands } from '../lean.ts'

/** One place on the command line, as a shell has to know it to complete what follows. */
export interface Place {
  /** The words before it, each behind a slash: empty, `/accounts`, `/accounts/add`. */
  readonly path: string
  /** The words that can follow. */
  readonly commands: readonly Choice[]
  readonly options: readonly CompletedOption[]
  /** What its arguments are. */
  readonly takes: Value
}

export interface Choice {
  readonly word: string
  readonly about: string
}

export interface CompletedOption extends Choice {
  /** What follows it; undefined for a flag. */
  readonly value: Value | undefined
}

/** `file`: whatever the shell knows of files; `other`: nothing that could be guessed; a list: one of these. */
export type Value = 'account' | 'file' | 'other' | readonly string[]

/** Every place of the command line, in the order of the help. */
export function placesOf(command: Command, path = ''): readonly Place[] {
  const place: Place = {
    path,
    commands: choicesOf(command),
    options: [
      ...command.options.map((option) => completed(option, path)),
      { word: '--help', about: 'with examples', value: undefined },
    ],
    takes: takenBy(command, path),
  }
  return [place, ...command.commands.flatMap((child) => placesOf(child, `${path}/${child.name()}`))]
}

function choicesOf({ commands }: Command): Choice[] {
  return commands.map((child) => ({ word: child.name(), about: firstSentence(child.description()) }))
}

function completed(option: Option, path: string): CompletedOption {
  const { long, short, flags, description, argChoices = leanChoices(path, option), required } = option
  const [, value = ''] = /<([^>]+)>/.exec(flags) ?? []
  // The name of one that is not there yet.
  const named = long === '--rename' ? 'other' : valueNamed(value)
  return {
    word: long ?? short ?? '',
    about: firstSentence(description),
    value: required ? (argChoices ?? named) : undefined,
  }
}

/** The lean commands check their values themselves. */
function leanChoices(path: string, { long }: Option): readonly string[] | undefined {
  const command: AnyLeanCommand | undefined = Object.entries(leanCommands).find(
    ([word]) => path === `/${word}`,
  )?.[1]
  return Object.values(command?.options ?? {}).find(({ flag }) => flag === long)?.choices
}

function takenBy(command: Command, path: string): Value {
  if (path === '/help') return choicesOf(command.parent!).map(({ word }) => word)
  const [first] = command.registeredArguments
  if (first === undefined || path === '/accounts/add') return 'other'
  return first.argChoices ?? valueNamed(first.name())
}

function valueNamed(name: string): Value {
  if (name === 'account') return 'account'
  return name === 'file' || name === 'path' ? 'file' : 'other'
}

/** A line in a menu has room for one. */
function firstSentence(text: string): string {
  return text.split(/[.:;](?:\s|$)/, 1)[0] ?? text
}
