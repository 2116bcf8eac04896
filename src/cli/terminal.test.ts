import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shownOn, terminal, useColour } from './terminal.ts'

test('a text brings no colour and no command of its own to a terminal, and no colour at all to a pipe', () => {
  useColour(true)
  try {
    const text = `${terminal.red('a\u001b[2J')} b\u009b31m\u202ec\n\td ${terminal.dim('e')}`
    const esc = '\u001b'
    assert.equal(shownOn({ isTTY: true }, text), `${esc}[31ma [2J${esc}[0m b 31m c\n\td ${esc}[2me${esc}[0m`)
    assert.equal(shownOn({ isTTY: false }, text), 'a [2J b 31m c\n\td e')
  } finally {
    useColour(false)
  }
})
