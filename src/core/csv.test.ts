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
  assert.equal(csvOf([['＝1+1', '＠SUM(A1)', '\n=1']]), "'＝1+1,'＠SUM(A1),\"'\n=1\"\n")
  assert.equal(csvOf([['=1+1', '@SUM(A1)', '+1', '-1+cmd']]), "'=1+1,'@SUM(A1),'+1,'-1+cmd\n")
  assert.equal(
    csvOf([['\t=1', '\r=1', '\n=1', '  =1', '\uff1d1', '\u200b=1']]),
    [`"'\t=1"`, "' =1", `"'\n=1"`, "'  =1", "'\uff1d1", "' =1\n"].join(),
  )
  assert.equal(csvOf([['-650.5', -3, '-0']]), '-650.5,-3,-0\n')
  assert.equal(csvOf([['a;=1+1', 'a\t=1+1']]), '"a;=1+1","a\t=1+1"\n')
})

test('nothing in it moves a cursor, ends a line in between, or turns what is read around', () => {
  assert.equal(
    csvOf([['a\u001b[2Jb', 'a\u0000b', 'a\r\nb', '\u202egnp.exe']]),
    'a [2Jb,a b,"a \nb", gnp.exe\n',
  )
})
