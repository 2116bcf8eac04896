import assert from 'node:assert/strict'
import { test } from 'node:test'
import { csvOf } from './csv.ts'

test('cells are quoted where they must be', () => {
  assert.equal(
    csvOf([
      ['a', 1, null, true],
      ['x,y', 'say "no"', 'two\nlines', ''],
    ]),
    'a,1,,true\n"x,y","say ""no""","two\nlines",\n',
  )
  assert.equal(csvOf([]), '')
})

test('a text that a spreadsheet would run is none any more; a negative number stays one', () => {
  assert.equal(csvOf([['=1+1', '@SUM(A1)', '+1', '-1+cmd', '\t=1']]), "'=1+1,'@SUM(A1),'+1,'-1+cmd,'\t=1\n")
  assert.equal(csvOf([['＝1+1', '＠SUM(A1)', '\n=1']]), "'＝1+1,'＠SUM(A1),\"'\n=1\"\n")
  assert.equal(csvOf([['-650.5', -3, '-0']]), '-650.5,-3,-0\n')
})
