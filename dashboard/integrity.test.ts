import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { partFilesMark, partFilesOf, withIntegrity, withPartFiles } from './integrity.ts'

const content = Buffer.from('run()')
const hash = `sha384-${createHash('sha384').update(content).digest('base64')}`
const read = (path: string) => {
  assert.equal(path, '/assets/index-1a2b.js')
  return content
}

test('each script and style gets the hash of its very bytes', () => {
  assert.equal(
    withIntegrity('<script type="module" crossorigin src="/assets/index-1a2b.js"></script>', read),
    `<script type="module" crossorigin src="/assets/index-1a2b.js" integrity="${hash}"></script>`,
  )
  assert.equal(
    withIntegrity('<link rel="stylesheet" href="/assets/index-1a2b.js">', read),
    `<link rel="stylesheet" href="/assets/index-1a2b.js" integrity="${hash}">`,
  )
  const plain = '<link rel="icon" href="data:image/svg+xml,x"><p class="script">src="/x"</p>'
  assert.equal(withIntegrity(plain, read), plain)
  const manifest = '<link rel="manifest" href="/manifest.webmanifest">'
  assert.equal(withIntegrity(manifest, read), manifest)
})

test('what no hash can check does not get into the page', () => {
  for (const tag of [
    '<link rel="icon" href="/assets/icon.svg">',
    '<link rel="modulepreload" href="/assets/more.js">',
    '<link rel="preload" as="font" href="/assets/font.woff2">',
    '<img src="/assets/sun.png">',
    '<script src="./assets/index-1a2b.js"></script>',
    '<script src="https://example.com/x.js"></script>',
  ])
    assert.throws(() => withIntegrity(tag, read), /no hash checks/, tag)
})

const chunk = (name: string, imports: readonly string[] = [], isDynamicEntry = true) => ({
  name,
  fileName: `assets/${name}.js`,
  isEntry: name === 'index',
  isDynamicEntry,
  imports: imports.map((each) => `assets/${each}.js`),
})

test('a part that is loaded later comes with the hashes of all that it needs, what it needs first', () => {
  const chunks = [
    chunk('index', [], false),
    chunk('table', ['index', 'number'], false),
    chunk('number', [], false),
    chunk('portfolio', ['index', 'table', 'number']),
    chunk('audit', ['index']),
  ]
  const content = (path: string) => Buffer.from(path)
  const of = (name: string) => [
    `/assets/${name}.js`,
    `sha384-${createHash('sha384').update(`assets/${name}.js`).digest('base64')}`,
  ]
  assert.deepEqual(partFilesOf(chunks, content), {
    portfolio: [of('number'), of('table'), of('portfolio')],
    audit: [of('audit')],
  })
  assert.throws(() => partFilesOf([...chunks, chunk('audit')], content), /one name/)
})

test('the first script gets them in its one place', () => {
  const parts = { audit: [['/assets/audit.js', hash]] } as const
  for (const quote of ['"', "'", '`'])
    assert.equal(
      withPartFiles(`a=${quote}${partFilesMark}${quote}[b]`, parts),
      `a=({"audit":[["/assets/audit.js","${hash}"]]})[b]`,
    )
  assert.throws(() => withPartFiles('a=1', parts), /0 times/)
  assert.throws(() => withPartFiles(`"${partFilesMark}""${partFilesMark}"`, parts), /2 times/)
})
