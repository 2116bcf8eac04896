import assert from 'node:assert/strict'
import { test } from 'node:test'
import { buildProgram } from '../main.ts'
import { bashCompletion } from './bash.ts'
import { fishCompletion } from './fish.ts'
import { placesOf } from './model.ts'
import { powershellCompletion } from './powershell.ts'
import { zshCompletion } from './zsh.ts'

const places = placesOf(buildProgram())
const at = (path: string) => places.find((place) => place.path === path)!

test('the places are those of the command line itself', () => {
  assert.deepEqual(
    at('/accounts').commands.map(({ word }) => word),
    ['add', 'edit', 'list', 'show', 'confirm', 'hook', 'remove', 'import'],
  )
  const optionOf = (path: string, word: string) => at(path).options.find((option) => option.word === word)
  assert.deepEqual(optionOf('/login', '--method')?.value, ['redirect', 'direct', 'approval', 'pasted'])
  assert.equal(optionOf('/accounts/add', '--api-secret-file')?.value, 'file')
  assert.equal(optionOf('/audit', '--account')?.value, 'account')
  assert.equal(optionOf('/login', '--all')?.value, undefined)
  assert.ok(optionOf('/login', '--no-browser'))
  const takes = (path: string) => at(path).takes
  assert.deepEqual([takes('/token'), takes('/login'), takes('/restore')], ['account', 'account', 'file'])
  // The name of one that is not there yet.
  assert.deepEqual(
    [takes('/accounts/add'), optionOf('/accounts/edit', '--rename')?.value],
    ['other', 'other'],
  )
  assert.deepEqual(takes('/completion'), ['bash', 'zsh', 'fish', 'powershell'])
  assert.ok(takes('/help').includes('accounts'))
})

test('every word and option of every place stands in the script of every shell', () => {
  for (const write of [bashCompletion, zshCompletion, fishCompletion, powershellCompletion]) {
    const script = write(places)
    for (const { path, commands, options } of places)
      for (const { word } of [...commands, ...options]) {
        const shown = write === fishCompletion ? word.replace(/^--/, '-l ') : word
        assert.ok(script.includes(shown), `${write.name} ${path} ${word}`)
      }
    assert.match(script, /bhor completion --accounts 2>(\/dev\/null|\$null)/)
  }
})
